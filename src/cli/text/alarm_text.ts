import type { Alarm } from "../../training/alarms.ts";
import { wordOf } from "../options/option.ts";
import { OPTIONS, type TrainOptions } from "../options/options.ts";

/** Two options that may help, and which way. */
const ADVICE: Readonly<Record<Alarm["kind"], readonly [Advice, Advice]>> = {
  silent: [["a lower", "vThreshold"], ["another", "seed"]],
  saturated: [["a higher", "vThreshold"], ["a lower", "learningRate"]],
  vanishing: [["another", "surrogate"], ["a lower", "vThreshold"]],
  chance: [["another", "learningRate"], ["another", "loss"]],
};

type Advice = readonly [which: string, field: keyof TrainOptions];

/**
 * Says an alarm in one line, with two options to try.
 *
 * @param alarm The alarm.
 * @returns The line.
 */
export function alarmText({ kind, message }: Alarm): string {
  const advice = ADVICE[kind].map(([which, field]) => `${which} ${wordOf(OPTIONS, field)}`);
  return `${message}; try ${advice.join(" or ")}`;
}

import { wordOf } from "../options/option.ts";
import { OPTIONS, type TrainOptions } from "../options/options.ts";
import { defaultOf } from "../options/parse.ts";

/**
 * The name of a run's folder: another for each set of options that gives another result. It begins
 * with what every run has; what isn't its default follows, in the order of the help.
 *
 * @param options The options.
 * @returns The name, such as `T8_b128_adam_lr0.001_hidden800_encoderdirect`.
 */
export function runFolder(options: TrainOptions): string {
  const { timeSteps, batchSize, optimizer, learningRate } = options;
  const start = `T${timeSteps}_b${batchSize}_${optimizer}_lr${learningRate}`;
  const others = OPTIONS.flatMap((option) => {
    const { field, inFolder = "changed" } = option;
    const value = options[field];
    if (value === undefined || inFolder === "start" || inFolder === "never") return [];
    const isDefault = JSON.stringify(value) === JSON.stringify(defaultOf(option, options));
    if (isDefault && inFolder === "changed") return [];
    const text = value === true ? "" : Array.isArray(value) ? value.join("-") : String(value);
    return [wordOf(OPTIONS, field).replaceAll("-", "") + text];
  });
  return [start, ...others].join("_");
}

import { checkAbove } from "../validate.ts";
import { GpuUnavailableError } from "./errors.ts";

/** Far longer than any driver that works takes to start. */
export const TIME_LIMIT_SECONDS = 30;

/** What timers can wait; with more, they don't wait at all. */
const MOST_MILLISECONDS = 2 ** 31 - 1;

/** A driver that doesn't answer. */
export class NoAnswerError extends GpuUnavailableError {}

/**
 * Awaits a driver's answer, but not for ever.
 *
 * @param what What can't be done without the answer, such as "find a GPU adapter".
 * @param answer The answer.
 * @param seconds How long.
 * @returns The answer.
 * @throws {NoAnswerError} If there is none within that time.
 */
export async function withinTimeLimit<T>(
  what: string,
  answer: Promise<T>,
  seconds: number = TIME_LIMIT_SECONDS,
): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const error = new NoAnswerError(
    `Cannot ${what} as the driver gave no answer within ${seconds} s: ` +
      `restart the program or the machine, or choose another adapter`,
  );
  const timer = setTimeout(() => reject(error), Math.min(1000 * seconds, MOST_MILLISECONDS));
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Checks how long a driver may take.
 *
 * @param seconds The seconds, or nothing for the usual limit.
 * @returns The seconds.
 * @throws {RangeError} If they aren't a finite number greater than 0.
 */
export function checkTimeLimit(seconds: number = TIME_LIMIT_SECONDS): number {
  return checkAbove("Cannot find a GPU adapter", "timeLimit", seconds, 0);
}

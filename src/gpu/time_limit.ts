import { GpuUnavailableError } from "./errors.ts";

/** Far longer than any driver that works takes to start. */
export const TIME_LIMIT_SECONDS = 30;

/** A driver that doesn't answer. */
export class NoAnswerError extends GpuUnavailableError {}

/**
 * Awaits a driver's answer, but not for ever.
 *
 * @param what What can't be done without the answer, such as "find a GPU adapter".
 * @param answer The answer.
 * @returns The answer.
 * @throws {NoAnswerError} If there is none within half a minute.
 */
export async function withinTimeLimit<T>(what: string, answer: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const error = new NoAnswerError(
    `Cannot ${what} as the driver gave no answer within ${TIME_LIMIT_SECONDS} s: ` +
      `restart the program or the machine, or choose another adapter`,
  );
  const timer = setTimeout(() => reject(error), TIME_LIMIT_SECONDS * 1000);
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

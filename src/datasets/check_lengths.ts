/** What a data set says of its samples' lengths. */
interface Lengths {
  /** Time steps of each sample, `[count]`; nothing where each has all. */
  readonly lengths?: ArrayLike<number>;
  /** How many samples there are. */
  readonly count: number;
}

/**
 * Checks how many time steps each sample of a data set has: they may have changed since it was made.
 *
 * @param what What can't be done otherwise.
 * @param dataset The data set.
 * @param timeSteps How many it can have at most; by default any number.
 * @throws {RangeError} If there are more or fewer lengths than samples, or one isn't an integer of 1 to that.
 */
export function checkLengths(
  what: string,
  { lengths, count }: Lengths,
  timeSteps: number = Infinity,
): void {
  if (!lengths) return;
  if (lengths.length !== count) {
    throw new RangeError(
      `${what} as lengths must be [count], ${count} numbers of time steps: it has ${lengths.length}`,
    );
  }
  for (let sample = 0; sample < count; sample++) {
    const length = lengths[sample]!;
    if (Number.isSafeInteger(length) && length >= 1 && length <= timeSteps) continue;
    const most = timeSteps === Infinity ? "of at least 1" : `from 1 to T, ${timeSteps}`;
    throw new RangeError(
      `${what} as lengths must be integers ${most}: that of sample ${sample} is ${length}`,
    );
  }
}

import { checkCount } from "../validate.ts";

/** What a data set says of its classes. */
interface Labelled {
  /** The class of each sample, `[count]`. */
  readonly labels?: ArrayLike<number>;
  /** How many classes there are. */
  readonly classes: number;
  /** How many samples there are. */
  readonly count: number;
}

/**
 * Checks the classes of a data set's samples: they may have changed since it was made.
 *
 * @param what What can't be done otherwise.
 * @param dataset The data set.
 * @throws {RangeError} If there are more or fewer labels than samples, or one is no class.
 */
export function checkLabels(
  what: string,
  { labels = [], classes, count }: Labelled,
): void {
  if (labels.length !== count) {
    throw new RangeError(
      `${what} as labels must be [count], ${count} numbers: it has ${labels.length}`,
    );
  }
  checkCount(what, "classes", classes);
  for (let sample = 0; sample < count; sample++) {
    const label = labels[sample]!;
    if (Number.isInteger(label) && label >= 0 && label < classes) continue;
    throw new RangeError(
      `${what} as labels must be integers from 0 to ${classes - 1}, one less than its classes: ` +
        `that of sample ${sample} is ${label}`,
    );
  }
}

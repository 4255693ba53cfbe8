/** A training whose loss or parameters are no numbers any more: it can't go on. */
export class DivergedError extends Error {
  /** Its name in messages. */
  override readonly name = "DivergedError";
  /** The epoch, from 1. */
  readonly epoch: number;
  /** The step in the epoch, from 1. */
  readonly step: number;
  /** What is no number, and what it is instead: "the loss is NaN". */
  readonly what: string;
  /** The learning rate of the epoch. */
  readonly learningRate: number;

  /**
   * Describes what happened and what may help.
   *
   * @param epoch The epoch, from 1.
   * @param step The step in the epoch, from 1.
   * @param what What is no number, and what it is instead: "the loss is NaN".
   * @param learningRate The learning rate of the epoch.
   */
  constructor(epoch: number, step: number, what: string, learningRate: number) {
    super(
      `Cannot go on training as ${what} in epoch ${epoch}, step ${step}: most likely the ` +
        `learning rate, ${learningRate}, is too high (try a tenth of it, or a few epochs of warm-up), ` +
        `or the surrogate gradient too steep (try a smaller alpha)`,
    );
    this.epoch = epoch;
    this.step = step;
    this.what = what;
    this.learningRate = learningRate;
  }
}

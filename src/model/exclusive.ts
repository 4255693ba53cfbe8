/** Lets calls in one after the other. */
export class Exclusive {
  #last: Promise<unknown> = Promise.resolve();

  /**
   * Runs something once all that came before has ended, however it did.
   *
   * @param work What to run.
   * @returns What it gives.
   */
  run<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => {});
    return result;
  }
}

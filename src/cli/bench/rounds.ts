/** How long and how often something is timed. */
export interface RoundOptions {
  /** How long a round takes, in milliseconds. */
  readonly milliseconds: number;
  /** How many rounds there are. */
  readonly rounds: number;
}

/** Rounds by which the number of runs in a round is found. */
const TRIALS = 4;
/** Runs of the first of them. */
const FIRST_COUNT = 4;
/** A short time is known too badly to follow from. */
const MOST_GROWTH = 16;

/**
 * Times something by the clock, in rounds of many runs.
 *
 * @param run Runs it so many times.
 * @param options How long and how often.
 * @returns Milliseconds of a run: a number for each round.
 */
export async function timeRounds(
  run: (count: number) => Promise<unknown>,
  options: RoundOptions,
): Promise<number[]> {
  const time = async (count: number) => {
    const start = performance.now();
    await run(count);
    return performance.now() - start;
  };
  // The first run compiles, for seconds: what it takes says nothing of those that are timed.
  await run(1);
  let total = await time(1);
  let count = total > options.milliseconds ? 1 : FIRST_COUNT;
  for (let trial = 0; trial < TRIALS && total < options.milliseconds / 2; trial++) {
    if (trial > 0) {
      count = Math.ceil(count * Math.min(MOST_GROWTH, options.milliseconds / total));
    }
    total = await time(count);
  }
  const times: number[] = [];
  for (let round = 0; round < options.rounds; round++) times.push(await time(count) / count);
  return times;
}

import { assertEquals, assertRejects } from "@std/assert";
import { type Job, JobRunner } from "../../src/program/jobs.ts";

/** Jobs that write down what happens to them; each takes some time to be read. */
function* record(
  log: string[],
  steps: readonly number[],
  taken: (index: number) => void = () => {},
): Generator<Job<number>, void> {
  try {
    for (const [i, size] of steps.entries()) {
      log.push(`ready ${i}`);
      yield {
        steps: size,
        submit() {
          log.push(`submit ${i}`);
          return async () => {
            log.push(`read ${i}`);
            await new Promise((resolve) => setTimeout(resolve, 5));
            return i;
          };
        },
        take(result) {
          log.push(`take ${result}`);
          taken(result);
        },
      };
    }
  } finally {
    log.push("end");
  }
}

Deno.test("jobs run in order: the next is ready before one is read, and submitted right after", async () => {
  const log: string[] = [];
  // A step takes 5 ms, as the first shows: so the second is enough for the device, and so is the third.
  await new JobRunner().run(record(log, [1, 1000, 1000]));
  assertEquals(log, [
    ...["ready 0", "submit 0", "ready 1", "read 0", "submit 1", "take 0"],
    ...["ready 2", "read 1", "submit 2", "take 1", "end", "read 2", "take 2"],
  ]);
});

Deno.test("short jobs go to the device together, and are read together", async () => {
  const runner = new JobRunner();
  const log: string[] = [];
  // A step takes 5 us or so.
  await runner.run(record([], [1000]));
  await runner.run(record(log, [1000, 1000, 0, 1000]));
  assertEquals(log, [
    ...["ready 0", "submit 0", "ready 1", "submit 1", "ready 2", "submit 2", "ready 3", "submit 3"],
    ...["end", "read 0", "read 1", "read 2", "read 3", "take 0", "take 1", "take 2", "take 3"],
  ]);
});

Deno.test("chunks grow while the device has enough to do", async () => {
  const runner = new JobRunner();
  assertEquals(runner.chunk, 8);
  for (let i = 0; i < 4; i++) await runner.run(record([], [runner.chunk]));
  // Nothing is on its way: the device should not wait for a long one.
  assertEquals(runner.chunk, 16);
});

Deno.test("an error ends the jobs: none is submitted after it, and each that was is read", async () => {
  const log: string[] = [];
  const jobs = record(log, [1e6, 1e6, 1e6], (index) => {
    if (index === 0) throw new RangeError("job 0 is wrong");
  });
  await assertRejects(() => new JobRunner().run(jobs), RangeError, "job 0 is wrong");
  assertEquals(log, [
    ...["ready 0", "submit 0", "ready 1", "read 0", "submit 1", "take 0", "end", "read 1"],
  ]);
});

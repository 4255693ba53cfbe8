/** The files of a run, as they grow and as another training finds them. */

import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { type EarlierRun, RunFiles } from "../../src/cli/run/run_files.ts";
import { RUN_FILES } from "../../src/cli/run/run_names.ts";
import { decodeEvents, decodeNpy } from "../../src/formats/mod.ts";
import { decodeCheckpoint, type EpochReport, type TrainerState } from "../../mod.ts";
import { temporaryFolder } from "../support/temporary_folder.ts";

const SAMPLE = [1, 4, 9];

/** A run's folder, and how it grows by epochs. */
class Run {
  #state: TrainerState = {
    epoch: 0,
    step: 0,
    updates: 0,
    batches: [],
    parameters: new Map(),
    optimizer: new Map(),
  };

  constructor(readonly folder: string, readonly options: Record<string, unknown> = { seed: 1 }) {}

  /** A state within the epoch that follows. */
  get within(): TrainerState {
    return { ...this.#state, step: 1, updates: this.#state.updates + 1, batches: [BATCH] };
  }

  /** Opens the files. */
  open(from?: EarlierRun): Promise<RunFiles> {
    return RunFiles.open(this.folder, { options: this.options, sampleShape: SAMPLE }, from);
  }

  /** Opens the files as a training does that goes on from a checkpoint. */
  async resume(path = join(this.folder, RUN_FILES.latest)): Promise<RunFiles> {
    const { state, best } = decodeCheckpoint(await Deno.readFile(path));
    this.#state = state;
    return await this.open({ folder: join(path, ".."), state, best });
  }

  /** Adds an epoch of so many steps. */
  async epoch(files: RunFiles, steps: number): Promise<void> {
    const { epoch, updates } = this.#state;
    this.#state = { ...this.#state, epoch: epoch + 1, updates: updates + steps };
    const report: EpochReport = {
      epoch: epoch + 1,
      learningRate: 1,
      trainLoss: 1,
      trainAccuracy: 0.5,
      batchAccuracies: Float64Array.from({ length: steps }, (_, i) => epoch + 1 + i / 100),
      testLoss: 1,
      testAccuracy: 0.5,
      imagesPerSecond: 1,
      seconds: 1,
    };
    await files.addEpoch(report, this.#state);
  }

  /** The epochs of the accuracies of all steps. */
  async accuracies(): Promise<number[]> {
    const { data } = decodeNpy(await Deno.readFile(join(this.folder, RUN_FILES.trainAccuracies)));
    return Array.from(data, Number).map(Math.floor);
  }

  /** The steps that TensorBoard shows, in the order of the epochs. */
  async steps(): Promise<number[]> {
    const names = await Array.fromAsync(Deno.readDir(this.folder), ({ name }) => name);
    const files = names.filter((name) => name.includes("tfevents"))
      .sort((a, b) => a.slice(-6) < b.slice(-6) ? -1 : 1);
    const events = await Promise.all(
      files.map(async (name) => await decodeEvents(await Deno.readFile(join(this.folder, name)))),
    );
    return events.flat().filter(({ tag }) => tag === "train_batch_accuracy")
      .map(({ step }) => step);
  }

  /** The options that the folder has. */
  async saved(): Promise<unknown> {
    return JSON.parse(await Deno.readTextFile(join(this.folder, RUN_FILES.options)));
  }
}

const BATCH = { loss: 1, correct: 1 };
const range = (length: number, start = 0) => Array.from({ length }, (_, i) => start + i);

Deno.test("epochs of a data set of another size follow on those before", async () => {
  await using folder = await temporaryFolder();
  const run = new Run(folder.path);
  {
    using files = await run.open();
    for (const steps of [5, 5]) await run.epoch(files, steps);
  }
  for (const steps of [2, 7]) {
    using files = await run.resume();
    await run.epoch(files, steps);
  }
  assertEquals(await run.accuracies(), [1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3, 4, 4, 4, 4, 4, 4, 4]);
  assertEquals(await run.steps(), range(19));
});

Deno.test("what a killed training wrote beyond its checkpoint doesn't count", async () => {
  await using folder = await temporaryFolder();
  await using alone = await temporaryFolder();
  const latest = join(folder.path, RUN_FILES.latest);
  const run = new Run(folder.path);
  {
    using files = await run.open();
    await run.epoch(files, 5);
    const before = await Deno.readFile(latest);
    await run.epoch(files, 3);
    // As if it had been killed before the checkpoint was written.
    await Deno.writeFile(latest, before);
  }
  {
    using files = await run.resume();
    await run.epoch(files, 2);
  }
  assertEquals(await run.accuracies(), [1, 1, 1, 1, 1, 2, 2]);
  assertEquals(await run.steps(), range(7));

  // One that goes on from a checkpoint alone knows nothing of the steps before.
  const checkpoint = join(alone.path, "alone.safetensors");
  await Deno.copyFile(latest, checkpoint);
  const other = new Run(join(alone.path, "run"));
  const otherLatest = join(other.folder, RUN_FILES.latest);
  {
    using files = await other.resume(checkpoint);
    await other.epoch(files, 4);
    const before = await Deno.readFile(otherLatest);
    await other.epoch(files, 4);
    await Deno.writeFile(otherLatest, before);
  }
  {
    using files = await other.resume();
    await other.epoch(files, 1);
  }
  assertEquals(await other.accuracies(), [3, 3, 3, 3, 4]);
  assertEquals(await other.steps(), range(5, 7));
});

Deno.test("a run keeps its options until the next one has an epoch or a checkpoint", async () => {
  for (const what of ["epoch", "checkpoint"]) {
    await using folder = await temporaryFolder();
    const [first, second] = [1, 2].map((seed) => new Run(folder.path, { seed }));
    {
      using files = await first!.open();
      await first!.epoch(files, 2);
    }
    // It fails before its first step.
    (await second!.open()).dispose();
    assertEquals(await second!.saved(), { seed: 1 });
    using files = await second!.open();
    if (what === "epoch") await second!.epoch(files, 2);
    else await files.keep(second!.within);
    assertEquals(await second!.saved(), { seed: 2 });
  }
});

Deno.test("a run that goes on has its options once it does", async () => {
  await using folder = await temporaryFolder();
  const [first, second] = [1, 2].map((epochs) => new Run(folder.path, { epochs }));
  {
    using files = await first!.open();
    await first!.epoch(files, 2);
  }
  using files = await second!.resume();
  assertEquals(await second!.saved(), { epochs: 1 });
  await second!.epoch(files, 2);
  assertEquals(await second!.saved(), { epochs: 2 });
});

Deno.test("a run's checkpoints know the shape of a sample", async () => {
  await using folder = await temporaryFolder();
  const run = new Run(folder.path);
  using files = await run.open();
  await run.epoch(files, 1);
  for (const name of [RUN_FILES.latest, RUN_FILES.best]) {
    const { sampleShape } = decodeCheckpoint(await Deno.readFile(join(folder.path, name)));
    assertEquals(sampleShape, SAMPLE);
  }
});

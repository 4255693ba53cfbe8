import { Gpu, type ImageDataset, Trainer } from "../../mod.ts";
import { buildNetwork } from "../../src/cli/network/build_network.ts";
import { TRAIN } from "../../src/cli/options/options.ts";
import { parseArguments } from "../../src/cli/options/parse.ts";
import { RUN_FILES } from "../../src/cli/run/run_names.ts";
import { trainerOptions } from "../../src/cli/network/trainer_options.ts";
import { encodeCheckpoint } from "../../src/training/checkpoint.ts";
import { idxFile } from "../datasets/idx_file.ts";

/** Rows and columns of a picture by default. */
const SIDE = 6;
const CLASSES = 3;
/** Pictures to train with, and to test with. */
export const [TRAIN_COUNT, TEST_COUNT] = [40, 20];

/** A folder with a data set and the files of a run, gone at the end of the test. */
export interface TrainedRun extends AsyncDisposable {
  /** The folder. */
  readonly folder: string;
  /** Its best checkpoint. */
  readonly checkpoint: string;
}

/** What a run is trained with. */
export interface TrainedRunOptions {
  /** Rows of a picture. */
  readonly height?: number;
  /** Columns of a picture. */
  readonly width?: number;
  /** Whether its checkpoint knows the size of the pictures; those of old versions don't. */
  readonly knowsSize?: boolean;
}

/** Pictures with stripes that tell the class. */
function stripes(count: number, height: number, width: number): ImageDataset {
  const pixels = height * width;
  const labels = Uint8Array.from({ length: count }, (_, picture) => picture % CLASSES);
  const images = Uint8Array.from(
    { length: count * pixels },
    (_, at) => at % CLASSES === labels[Math.floor(at / pixels)] ? 180 : 50,
  );
  return { images, labels, count, height, width, classes: CLASSES };
}

/**
 * Trains a small network as `train` does.
 *
 * @param args Arguments of `train`.
 * @param options What it is trained with.
 * @returns Its files.
 */
export async function trainedRun(
  args = "-T 6 -b 2 --lr 5e-2",
  { height = SIDE, width = SIDE, knowsSize = true }: TrainedRunOptions = {},
): Promise<TrainedRun> {
  const folder = await Deno.makeTempDir();
  const [train, test] = [TRAIN_COUNT, TEST_COUNT].map((count) => stripes(count, height, width)) as [
    ImageDataset,
    ImageDataset,
  ];
  for (const [part, { images, labels, count }] of [["train", train], ["t10k", test]] as const) {
    await Deno.writeFile(
      `${folder}/${part}-images-idx3-ubyte`,
      idxFile([count, height, width], [...images]),
    );
    await Deno.writeFile(`${folder}/${part}-labels-idx1-ubyte`, idxFile([count], [...labels]));
  }
  const parsed = parseArguments(TRAIN, [...args.split(" "), "--dataset-dir", folder]);
  if (typeof parsed === "string") throw new TypeError(`"${args}" has no options`);
  const { options } = parsed;
  using gpu = await Gpu.request();
  using trainer = new Trainer(gpu, buildNetwork(options, train), trainerOptions(options));
  const reports = await Array.fromAsync(trainer.fit(train, { epochs: 2, test }));
  const lines = reports.map((report) => {
    const { epoch, trainLoss, trainAccuracy, testLoss, testAccuracy, seconds } = report;
    return JSON.stringify({ epoch, trainLoss, trainAccuracy, testLoss, testAccuracy, seconds });
  });
  await Deno.writeTextFile(`${folder}/${RUN_FILES.metrics}`, `${lines.join("\n")}\n`);
  const checkpoint = `${folder}/${RUN_FILES.best}`;
  const bytes = encodeCheckpoint({
    state: await trainer.state(),
    options: { ...options },
    ...knowsSize ? { sampleShape: [1, height, width] } : {},
  });
  await Deno.writeFile(checkpoint, bytes);
  return {
    folder,
    checkpoint,
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

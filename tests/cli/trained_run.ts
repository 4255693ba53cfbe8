import { type Dataset, imageDataset, Model, Trainer } from "../../mod.ts";
import { buildNetwork } from "../../src/cli/network/build_network.ts";
import { TRAIN } from "../../src/cli/options/options.ts";
import { parseArguments } from "../../src/cli/options/parse.ts";
import { RUN_FILES } from "../../src/cli/run/run_file_names.ts";
import { modelOptions, trainerOptions } from "../../src/cli/network/trainer_options.ts";
import { encodeCheckpoint } from "../../src/training/checkpoint.ts";
import { idxFile } from "../datasets/idx_file.ts";
import { sharedGpu } from "../support/gpu.ts";

/** Sides of a picture. */
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

/** Pixels and labels of pictures with stripes that tell the class. */
function stripes(count: number): { readonly images: Uint8Array; readonly labels: Uint8Array } {
  const labels = Uint8Array.from({ length: count }, (_, picture) => picture % CLASSES);
  const images = Uint8Array.from(
    { length: count * SIDE * SIDE },
    (_, at) => at % CLASSES === labels[Math.floor(at / (SIDE * SIDE))] ? 180 : 50,
  );
  return { images, labels };
}

const datasetOf = ({ images, labels }: ReturnType<typeof stripes>): Dataset =>
  imageDataset(images, { shape: [1, SIDE, SIDE], labels, classes: CLASSES });

/**
 * Trains a small network as `train` does.
 *
 * @param args Arguments of `train`.
 * @returns Its files.
 */
export async function trainedRun(args = "-T 6 -b 2 --lr 5e-2"): Promise<TrainedRun> {
  const folder = await Deno.makeTempDir();
  const [train, test] = [stripes(TRAIN_COUNT), stripes(TEST_COUNT)];
  for (const [part, { images, labels }] of [["train", train], ["t10k", test]] as const) {
    const count = labels.length;
    await Deno.writeFile(
      `${folder}/${part}-images-idx3-ubyte`,
      idxFile([count, SIDE, SIDE], [...images]),
    );
    await Deno.writeFile(`${folder}/${part}-labels-idx1-ubyte`, idxFile([count], [...labels]));
  }
  const parsed = parseArguments(TRAIN, [...args.split(" "), "--dataset-dir", folder]);
  if (typeof parsed === "string") throw new TypeError(`"${args}" has no options`);
  const { options } = parsed;
  const gpu = await sharedGpu();
  const data = datasetOf(train);
  using model = await Model.compile(
    gpu,
    buildNetwork(options, data),
    modelOptions(options, data.shape),
  );
  using trainer = new Trainer(model, trainerOptions(options));
  const reports = await Array.fromAsync(trainer.fit(data, { epochs: 2, test: datasetOf(test) }));
  const lines = reports.map((report) => {
    const { epoch, trainLoss, trainAccuracy, testLoss, testAccuracy, seconds } = report;
    return JSON.stringify({ epoch, trainLoss, trainAccuracy, testLoss, testAccuracy, seconds });
  });
  await Deno.writeTextFile(`${folder}/${RUN_FILES.metrics}`, `${lines.join("\n")}\n`);
  const checkpoint = `${folder}/${RUN_FILES.best}`;
  const bytes = encodeCheckpoint({
    state: await trainer.state(),
    model: model.toJSON(),
    options: { ...options },
  });
  await Deno.writeFile(checkpoint, bytes);
  return {
    folder,
    checkpoint,
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

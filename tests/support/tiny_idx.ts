import { Random } from "../../src/core/random.ts";
import { idxFile } from "../datasets/idx_file.ts";

/** The size of a {@linkcode writeTinyIdx} data set. */
export interface TinyIdxOptions {
  /** Pictures to train with. */
  readonly train: number;
  /** Pictures to test with. */
  readonly test: number;
  /** Rows and columns of a picture. */
  readonly side: number;
}

const CLASSES = 3;

/** Writes four IDX files: noise with faint stripes that tell the class, one of 3. */
export async function writeTinyIdx(
  folder: string,
  { train, test, side }: TinyIdxOptions,
): Promise<void> {
  const pixels = side * side;
  for (const [part, count] of [["train", train], ["t10k", test]] as const) {
    const labels = Uint8Array.from({ length: count }, (_, picture) => picture % CLASSES);
    const random = new Random(1, count);
    const images = Uint8Array.from({ length: count * pixels }, (_, at) => {
      const isStripe = at % pixels % CLASSES === labels[Math.floor(at / pixels)];
      return random.below(200) + (isStripe ? 30 : 0);
    });
    await Deno.writeFile(
      `${folder}/${part}-images-idx3-ubyte`,
      idxFile([count, side, side], images),
    );
    await Deno.writeFile(`${folder}/${part}-labels-idx1-ubyte`, idxFile([count], labels));
  }
}

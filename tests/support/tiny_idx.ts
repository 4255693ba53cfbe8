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

/** Writes four IDX files: pictures with stripes that tell the class, one of 3. */
export async function writeTinyIdx(
  folder: string,
  { train, test, side }: TinyIdxOptions,
): Promise<void> {
  for (const [part, count] of [["train", train], ["t10k", test]] as const) {
    const labels = Uint8Array.from({ length: count }, (_, picture) => picture % CLASSES);
    const pixels = Uint8Array.from({ length: count * side * side }, (_, at) => {
      const picture = Math.floor(at / (side * side));
      // No two pictures are the same, lest a wrong order go unnoticed.
      return (at % CLASSES === labels[picture] ? 150 : 40) + (at * 7 + picture * 13) % 50;
    });
    const shape = [count, side, side];
    await Deno.writeFile(`${folder}/${part}-images-idx3-ubyte`, idxFile(shape, pixels));
    await Deno.writeFile(`${folder}/${part}-labels-idx1-ubyte`, idxFile([count], labels));
  }
}

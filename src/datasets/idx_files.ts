import { type IdxArray, readIdx } from "./idx.ts";

/** One of the four files of MNIST and its kin. */
export interface IdxFile {
  /** What its name begins with. */
  readonly stem: string;
  /** What its name ends with. */
  readonly kind: string;
}

/** The four files. */
export const IDX_FILES = {
  trainImages: { stem: "train-images", kind: "idx3-ubyte" },
  trainLabels: { stem: "train-labels", kind: "idx1-ubyte" },
  testImages: { stem: "t10k-images", kind: "idx3-ubyte" },
  testLabels: { stem: "t10k-labels", kind: "idx1-ubyte" },
} as const satisfies Record<string, IdxFile>;

/** An array, and the path or the URL of the file that it came from. */
export interface LoadedArray extends IdxArray {
  /** The path or the URL. */
  readonly path: string;
}

/** Finds and reads one of the four files; the signal ends that when nobody waits for it any longer. */
export type LoadIdxFile = (file: IdxFile, signal: AbortSignal) => Promise<LoadedArray>;

/**
 * The names that a file may have.
 *
 * @param file The file.
 * @returns The names, the likeliest first.
 */
export function namesOf({ stem, kind }: IdxFile): string[] {
  return [`${stem}-${kind}`, `${stem}.${kind}`].flatMap((name) => [name, `${name}.gz`]);
}

/**
 * Reads a file's bytes.
 *
 * @param path Its path or its URL.
 * @param bytes Its bytes.
 * @returns The array, and where it came from.
 * @throws {FormatError} If the file is damaged.
 */
export async function readIdxFile(
  path: string,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<LoadedArray> {
  return { path, ...await readIdx(bytes, path) };
}

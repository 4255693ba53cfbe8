import { type IdxArray, readIdx } from "./idx.ts";

/** One of the four files of MNIST and its kin. */
export interface MnistFile {
  /** What its name begins with. */
  readonly stem: string;
  /** What its name ends with. */
  readonly kind: string;
  /** The SHA-256 sum of the original MNIST's. */
  readonly sha256: string;
}

/** The four files. */
export const MNIST_FILES = {
  trainImages: {
    stem: "train-images",
    kind: "idx3-ubyte",
    sha256: "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
  },
  trainLabels: {
    stem: "train-labels",
    kind: "idx1-ubyte",
    sha256: "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
  },
  testImages: {
    stem: "t10k-images",
    kind: "idx3-ubyte",
    sha256: "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
  },
  testLabels: {
    stem: "t10k-labels",
    kind: "idx1-ubyte",
    sha256: "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
  },
} as const satisfies Record<string, MnistFile>;

/** An array, and the path or the URL of the file that it came from. */
export interface LoadedArray extends IdxArray {
  /** The path or the URL. */
  readonly path: string;
}

/** Finds and reads one of the four files. */
export type LoadMnistFile = (file: MnistFile) => Promise<LoadedArray>;

/**
 * The names that a file may have.
 *
 * @param file The file.
 * @returns The names, the likeliest first.
 */
export function namesOf({ stem, kind }: MnistFile): string[] {
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
export async function readMnistFile(
  path: string,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<LoadedArray> {
  return { path, ...await readIdx(bytes, path) };
}

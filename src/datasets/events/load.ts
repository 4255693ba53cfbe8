import type { DatasetSplits } from "../dataset.ts";

/** Options of functions that load a data set of events. */
export interface LoadEventsOptions {
  /** The folder with the data set's files: a path, or a `file:` URL. */
  directory: string | URL;
}

/** The data sets of events that are known. */
export type EventDatasetName = "nmnist" | "shd" | "ssc" | "dvs-gesture";

/**
 * Loads N-MNIST from its folders `Train` and `Test`, each with a folder of `.bin` files for each class; or any
 * other in such files and folders. Times are microseconds from each recording's start.
 *
 * Needs Deno, and permission to read the folder, as all these functions do.
 *
 * @param options Where the files are.
 * @returns Its two parts, of shape `[2, 34, 34]`.
 * @throws {Deno.errors.NotFound} If a folder is missing, or has no recordings.
 * @throws {FormatError} If a file is damaged.
 *
 * @example
 * ```ts ignore
 * import { loadNmnist } from "@galvani/snn/datasets";
 *
 * const { train, test } = await loadNmnist({ directory: "N-MNIST" });
 * console.log(train.count, test.shape); // 60000 [2, 34, 34]
 * ```
 */
export async function loadNmnist({ directory }: LoadEventsOptions): Promise<DatasetSplits> {
  assertDeno(directory);
  return await (await import("./nmnist_folder.ts")).loadNmnistFolder(directory);
}

/**
 * Loads the Spiking Heidelberg Digits from `shd_train.h5` and `shd_test.h5`. Times are microseconds.
 *
 * @param options Where the files are.
 * @returns Its two parts, of shape `[700]` and 20 classes.
 * @throws {Deno.errors.NotFound} If a file is missing.
 * @throws {FormatError} If a file is damaged.
 *
 * @example
 * ```ts ignore
 * import { loadShd } from "@galvani/snn/datasets";
 *
 * const { train, test } = await loadShd({ directory: "shd" });
 * console.log(train.classes, test.shape); // 20 [700]
 * ```
 */
export async function loadShd({ directory }: LoadEventsOptions): Promise<DatasetSplits> {
  assertDeno(directory);
  return await (await import("./spoken_folder.ts")).loadSpokenFolder(directory, "shd");
}

/**
 * Loads the Spiking Speech Commands from `ssc_train.h5` and `ssc_test.h5`; `ssc_valid.h5` isn't read. Times are
 * microseconds.
 *
 * @param options Where the files are.
 * @returns Its two parts, of shape `[700]` and 35 classes.
 * @throws {Deno.errors.NotFound} If a file is missing.
 * @throws {FormatError} If a file is damaged.
 *
 * @example
 * ```ts ignore
 * import { loadSsc } from "@galvani/snn/datasets";
 *
 * const { train } = await loadSsc({ directory: "ssc" });
 * console.log(train.classes); // 35
 * ```
 */
export async function loadSsc({ directory }: LoadEventsOptions): Promise<DatasetSplits> {
  assertDeno(directory);
  return await (await import("./spoken_folder.ts")).loadSpokenFolder(directory, "ssc");
}

/**
 * Loads DVS128 Gesture from its `.aedat` files, their `_labels.csv`, `trials_to_train.txt` and
 * `trials_to_test.txt`. A sample is a trial; its times are microseconds from the trial's start.
 *
 * @param options Where the files are.
 * @returns Its two parts, of shape `[2, 128, 128]` and 11 classes.
 * @throws {Deno.errors.NotFound} If a file is missing.
 * @throws {FormatError} If a file is damaged.
 *
 * @example
 * ```ts ignore
 * import { loadDvsGesture } from "@galvani/snn/datasets";
 *
 * const { train } = await loadDvsGesture({ directory: "DvsGesture" });
 * console.log(train.shape); // [2, 128, 128]
 * ```
 */
export async function loadDvsGesture({ directory }: LoadEventsOptions): Promise<DatasetSplits> {
  assertDeno(directory);
  return await (await import("./gesture_folder.ts")).loadGestureFolder(directory);
}

/**
 * Says which data set of events a folder has, by its files.
 *
 * @param directory The folder.
 * @returns Its name; undefined if it is none of them.
 * @throws {Deno.errors.NotFound} If there is no such folder.
 *
 * @example
 * ```ts
 * import { findEventDataset } from "@galvani/snn/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const directory = await Deno.makeTempDir();
 * await Deno.writeFile(`${directory}/shd_train.h5`, new Uint8Array());
 * assertEquals(await findEventDataset(directory), "shd");
 * ```
 */
export async function findEventDataset(
  directory: string | URL,
): Promise<EventDatasetName | undefined> {
  assertDeno(directory);
  const { namesIn } = await import("./folder_files.ts");
  const names = await namesIn(directory);
  if (names.includes("Train") && names.includes("Test")) return "nmnist";
  if (names.includes("shd_train.h5")) return "shd";
  if (names.includes("ssc_train.h5")) return "ssc";
  return names.includes("trials_to_train.txt") ? "dvs-gesture" : undefined;
}

function assertDeno(directory: string | URL): void {
  if ("Deno" in globalThis) return;
  throw new Error(
    `Cannot load a data set from "${directory}" as there is no Deno here: readers such as readNmnist ` +
      "take the bytes of files",
  );
}

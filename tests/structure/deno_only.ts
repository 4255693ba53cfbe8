/**
 * Stands for the modules that come by `import()` in Deno only (`dom.json` says which), where types
 * are checked as a browser has them.
 *
 * @module
 */

/** Stands for that of `src/gpu/software_adapter.ts`. */
export declare function prepareDrivers(
  device: string,
  name: string,
  timeLimit: number,
): Promise<never>;

/** Stands for that of `src/datasets/mnist_package.ts`. */
export declare function packageLoader(): Promise<never>;

/** Stands for that of `src/datasets/idx_directory.ts`. */
export declare function directoryLoader(directory: string | URL): Promise<never>;

/** Stands for that of `src/datasets/events/nmnist_folder.ts`. */
export declare function loadNmnistFolder(directory: string | URL): Promise<never>;

/** Stands for that of `src/datasets/events/spoken_folder.ts`. */
export declare function loadSpokenFolder(
  directory: string | URL,
  name: "shd" | "ssc",
): Promise<never>;

/** Stands for that of `src/datasets/events/gesture_folder.ts`. */
export declare function loadGestureFolder(directory: string | URL): Promise<never>;

/** Stands for that of `src/datasets/events/folder_files.ts`. */
export declare function namesIn(directory: string | URL): Promise<string[]>;

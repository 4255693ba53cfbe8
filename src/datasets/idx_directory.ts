/**
 * Files of a directory, which needs Deno: what browsers load imports this only when it is called.
 *
 * @module
 */

import { type LoadedArray, type LoadIdxFile, namesOf, readIdxFile } from "./idx_files.ts";

/**
 * Loads files from a directory, whichever of their names they have.
 *
 * @param directory The directory's path, or its URL.
 * @returns What loads a file.
 * @throws {Deno.errors.NotFound} If there is no such directory.
 * @throws {Deno.errors.NotADirectory} If it isn't one.
 */
export async function directoryLoader(directory: string | URL): Promise<LoadIdxFile> {
  await assertDirectory(directory);
  return async (file) => {
    const names = namesOf(file);
    const skipped: string[] = [];
    for (const name of names) {
      const array = await readIfPossible(placeIn(directory, name), name, skipped);
      if (array) return array;
    }
    throw new Deno.errors.NotFound(
      [
        `Cannot load a data set from "${directory}" as it has none of ${names.join(", ")}`,
        ...skipped,
      ].join("; "),
    );
  };
}

/** The path or the URL of a file in a directory. */
function placeIn(directory: string | URL, name: string): string | URL {
  const end = /(^|[/\\])$/.test(`${directory}`) ? name : `/${name}`;
  return directory instanceof URL ? new URL(`${directory}${end}`) : `${directory}${end}`;
}

async function assertDirectory(directory: string | URL): Promise<void> {
  let isDirectory: boolean;
  try {
    ({ isDirectory } = await Deno.stat(directory));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new Deno.errors.NotFound(
      `Cannot load a data set from "${directory}" as there is no such directory`,
    );
  }
  if (!isDirectory) {
    throw new Deno.errors.NotADirectory(
      `Cannot load a data set from "${directory}" as it is not a directory`,
    );
  }
}

/** Reads a file; if it can't be read, another name may do: it is only noted why. */
async function readIfPossible(
  place: string | URL,
  name: string,
  skipped: string[],
): Promise<LoadedArray | undefined> {
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = await Deno.readFile(place);
  } catch (error) {
    // A permission that Deno wasn't given is missing for the other names, too.
    if (error instanceof Deno.errors.NotCapable) throw error;
    if (!(error instanceof Deno.errors.NotFound)) {
      const isDirectory = (await Deno.stat(place).catch(() => undefined))?.isDirectory;
      const reason = isDirectory ? "is a directory" : `can't be read (${(error as Error).message})`;
      skipped.push(`${name} ${reason}`);
    }
    return;
  }
  return await readIdxFile(`${place}`, bytes);
}

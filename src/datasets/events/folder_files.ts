/**
 * Files of a folder, which needs Deno: what browsers load imports this only when it is called.
 *
 * @module
 */

import type { RandomAccess } from "../../formats/hdf5/file_bytes.ts";

/** The path of a member of a folder. */
export function pathIn(directory: string | URL, ...names: string[]): string {
  const path = directory instanceof URL ? decodeURIComponent(directory.pathname) : directory;
  return [path.replace(/(.)[/\\]$/, "$1"), ...names].join("/");
}

/** The names of a folder's members, in order. */
export async function namesIn(directory: string | URL): Promise<string[]> {
  try {
    const entries = await Array.fromAsync(Deno.readDir(directory));
    return entries.map(({ name }) => name).sort();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw missing(directory, "there is no such folder");
  }
}

/**
 * Does something with a file that must be there.
 *
 * @param directory Its folder.
 * @param name Its name.
 * @param use What to do with its path.
 * @throws {Deno.errors.NotFound} If it isn't there; the message says which.
 */
export async function withFile<T>(
  directory: string | URL,
  name: string,
  use: (path: string) => Promise<T>,
): Promise<T> {
  try {
    return await use(pathIn(directory, name));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw missing(directory, `it has no ${name}`);
  }
}

/** The error of what isn't there. */
export function missing(directory: string | URL, reason: string): Error {
  return new Deno.errors.NotFound(`Cannot load a data set from "${directory}" as ${reason}`);
}

/** A file that is read part by part, and closed at the end of its scope. */
export function openRandomAccess(path: string): RandomAccess & Disposable {
  const file = Deno.openSync(path);
  return {
    length: file.statSync().size,
    read(at, size) {
      const bytes = new Uint8Array(size);
      file.seekSync(at, Deno.SeekMode.Start);
      for (let read = 0; read < size;) {
        const more = file.readSync(bytes.subarray(read));
        // Whoever shortens a file while it is read finds zeros in it.
        if (more === null) break;
        read += more;
      }
      return bytes;
    },
    [Symbol.dispose]: () => file.close(),
  };
}

import { basename, dirname, join } from "node:path";

/** What the name of a file ends in that isn't finished. */
const PARTIAL = ".partial";
/** The file whose lock stands for its folder. */
const LOCK = ".lock";

/**
 * Writes a file whole or not at all: to a temporary file beside it, which then takes its name. A
 * reader, or whoever comes after a crash, finds the old file or the new one.
 *
 * @param path The file.
 * @param content What it is to hold.
 * @throws {Error} If it can't be written; the message names it. An old file is still there then.
 */
export async function writeWhole(path: string, content: Uint8Array | string): Promise<void> {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  // Others may write the same file at the same time.
  const writer = crypto.randomUUID().slice(0, 8);
  const temporary = join(dirname(path), `.${basename(path)}.${writer}${PARTIAL}`);
  try {
    {
      using file = await Deno.open(temporary, { write: true, create: true, truncate: true });
      for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
      await file.sync();
    }
    await Deno.rename(temporary, path);
  } catch (cause) {
    await Deno.remove(temporary).catch(() => {});
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`Cannot write "${path}": ${reason}`, { cause });
  }
}

/**
 * Removes the unfinished files that a killed process left in a folder.
 *
 * @param folder The folder.
 */
export async function removePartials(folder: string): Promise<void> {
  for await (const { name } of Deno.readDir(folder)) {
    if (name.startsWith(".") && name.endsWith(PARTIAL)) await Deno.remove(join(folder, name));
  }
}

/**
 * Keeps other processes out of a folder that one process writes. The lock ends with the process at the
 * latest, however that ends.
 *
 * @param folder The folder.
 * @returns The lock, to be disposed of.
 * @throws {Error} If another process holds it, or the folder can't be written to.
 */
export async function lockFolder(folder: string): Promise<Disposable> {
  const cannot = `Cannot write to the folder "${folder}"`;
  const open = Deno.open(join(folder, LOCK), { write: true, create: true });
  const file = await open.catch((cause) => {
    throw new Error(`${cannot}: ${cause.message}`, { cause });
  });
  // Some network file systems know no locks.
  const isOurs = await file.tryLock(true).catch(() => true);
  if (isOurs) return file;
  file.close();
  throw new Error(
    `${cannot} as another process trains there: wait for it, end it, or take another --log-dir`,
  );
}

/**
 * Reads a file.
 *
 * @param path The file.
 * @returns What it holds; nothing if there is no such file.
 */
export async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await Deno.readFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/**
 * Removes a file if there is one.
 *
 * @param path The file.
 */
export async function removeIfThere(path: string): Promise<void> {
  try {
    await Deno.remove(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

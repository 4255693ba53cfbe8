import { basename, dirname, join } from "node:path";

/** What the name of a file ends in that isn't finished. */
const PARTIAL = ".partial";

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
  const temporary = join(dirname(path), `.${basename(path)}${PARTIAL}`);
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

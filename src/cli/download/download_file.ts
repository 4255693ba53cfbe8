import { createHash } from "node:crypto";
import { join } from "node:path";
import { readIfThere } from "../run/files.ts";

/** A file of the web. */
export interface WebFile {
  /** Its name, there and here. */
  readonly name: string;
  /** The MD5 sum that it must have. */
  readonly md5: string;
}

/**
 * Brings a file of the web into a folder, if it isn't there yet.
 *
 * Until it is whole and what it should be, it has another name, under which a later call finds it to
 * go on. Other processes that want the same file wait for it.
 *
 * @param file The file.
 * @param base Its folder's URL, with a slash at the end.
 * @param folder The folder, which is there.
 * @throws {Error} If the server doesn't give it, or gives something else.
 */
export async function downloadFile(file: WebFile, base: URL, folder: string): Promise<void> {
  const { name, md5 } = file;
  const path = join(folder, name);
  const isThere = async () => {
    const bytes = await readIfThere(path);
    return bytes !== undefined && md5Of(bytes) === md5;
  };
  if (await isThere()) return;
  const partial = join(folder, `.${name}.partial`);
  using part = await Deno.open(partial, { read: true, write: true, create: true });
  await part.lock(true);
  // Another process may have brought it while this one waited.
  if (await isThere()) return;
  const url = new URL(name, base);
  console.error(`Downloading ${url}`);
  await receive(url, part);
  const sum = md5Of(await Deno.readFile(partial));
  if (sum === md5) return await Deno.rename(partial, path);
  // Others may wait for the lock of this very file.
  await part.truncate(0);
  throw new Error(
    `Cannot use what came from ${url} as its MD5 sum is ${sum} instead of ${md5}: try again, or ` +
      "get the file from elsewhere",
  );
}

/** Appends to a file what it has less than that of a URL. */
async function receive(url: URL, part: Deno.FsFile): Promise<void> {
  try {
    const { size } = await part.stat();
    const response = await fetch(url, size > 0 ? { headers: { range: `bytes=${size}-` } } : {});
    // There is nothing after the last byte.
    const isWhole = response.status === 416;
    if (!response.ok && !isWhole) {
      await response.body?.cancel();
      throw new Error(`the server answers ${response.status} ${response.statusText}`.trimEnd());
    }
    if (isWhole) return await response.body?.cancel();
    // A server may know nothing of ranges.
    const start = response.status === 206 ? size : 0;
    await part.truncate(start);
    await part.seek(start, Deno.SeekMode.Start);
    for await (const bytes of response.body ?? []) {
      for (let at = 0; at < bytes.length;) at += await part.write(bytes.subarray(at));
    }
    await part.sync();
  } catch (cause) {
    if (cause instanceof Deno.errors.NotCapable) throw cause;
    throw new Error(`Cannot download ${url}: ${reasonOf(cause)}`, { cause });
  }
}

/** What went wrong: where `fetch` fails, it only says so, and why in its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}

const md5Of = (bytes: Uint8Array) => createHash("md5").update(bytes).digest("hex");

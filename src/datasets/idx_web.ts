import { type LoadedArray, type LoadIdxFile, namesOf, readIdxFile } from "./idx_files.ts";

/**
 * Loads files from the web, whichever of their names they have.
 *
 * @param directory The URL that the names are added to.
 * @param onProgress Is told how many bytes have come so far, of all files together.
 * @returns What loads a file.
 */
export function webLoader(
  directory: URL,
  onProgress?: (receivedBytes: number) => void,
): LoadIdxFile {
  let received = 0;
  const count = (bytes: number) => onProgress?.(received += bytes);
  return async (file, signal) => {
    const names = namesOf(file);
    for (const name of names) {
      const url = new URL(directory);
      url.pathname = url.pathname.replace(/\/?$/, `/${name}`);
      const array = await fetchIfThere(url, count, signal);
      if (array) return array;
    }
    throw new Error(
      `Cannot load a data set from "${directory}" as it has none of ${names.join(", ")}`,
    );
  };
}

/** Fetches a file; nothing if the server has none of that name. */
async function fetchIfThere(
  url: URL,
  count: (bytes: number) => void,
  signal: AbortSignal,
): Promise<LoadedArray | undefined> {
  let response: Response;
  try {
    response = await fetch(url, { signal });
  } catch (cause) {
    signal.throwIfAborted();
    throw failure(url, reasonOf(cause), cause);
  }
  // Some servers answer with a page where there is no file.
  const isPage = response.headers.get("content-type")?.startsWith("text/html");
  if (response.status === 404 || response.status === 410 || response.ok && isPage) {
    await response.body?.cancel();
    return;
  }
  if (!response.ok) {
    await response.body?.cancel();
    throw failure(url, `the server answers ${response.status} ${response.statusText}`.trimEnd());
  }
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const reader = response.body?.getReader();
  for (;;) {
    const next = await reader?.read().catch((cause) => {
      signal.throwIfAborted();
      throw failure(url, `it breaks off: ${reasonOf(cause)}`, cause);
    });
    if (!next || next.done) break;
    parts.push(next.value);
    count(next.value.length);
  }
  return await readIdxFile(url.href, await new Blob(parts).bytes());
}

const failure = (url: URL, reason: string, cause?: unknown) =>
  new Error(`Cannot load "${url}" as ${reason}`, cause === undefined ? {} : { cause });

const reasonOf = (cause: unknown) => cause instanceof Error ? cause.message : String(cause);

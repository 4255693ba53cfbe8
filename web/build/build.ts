/**
 * Builds the pages: static files that any host serves.
 *
 * ```sh
 * deno task web
 * ```
 *
 * @module
 */
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { writeLeanKernels } from "./lean_kernels.ts";
import { writeMnist } from "./mnist.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Where the built pages come by default. */
export const DIST: string = join(ROOT, "web", "dist");

/**
 * What no page runs: they make no model from JSON and sum none up, neither clip gradients nor accumulate them, train
 * alone, and their files are pictures and have one gzip member; browsers have neither drivers nor folders.
 */
const NOT_RUN = [
  "src/model/from_json.ts",
  "src/model/summary.ts",
  "src/program/gradients.ts",
  "src/formats/deflate_end.ts",
  "src/gpu/software_adapter.ts",
  "src/datasets/events/mod.ts",
  "src/datasets/idx_directory.ts",
  "src/datasets/mnist_package.ts",
  "src/training/gradient_norms.ts",
  "src/training/together.ts",
  "src/training/round.ts",
];

/** Where a page has a file of `web/parts/`. */
const INCLUDE = /^ *<!-- include (\S+) -->\n/gm;

/** A page, and what it never runs. */
interface Page {
  /** Its folder: of `main.ts` and `worker.ts` here, of its scripts where it is built. */
  readonly name: string;
  /** Its HTML. */
  readonly html: string;
  /** Modules that no network of its has. */
  readonly notRun: readonly string[];
  /** Kernels that no network of its has. */
  readonly kernelsNotRun: readonly string[];
}

const PAGES: readonly Page[] = [
  {
    name: "neurons",
    html: "index.html",
    // Its network has neither norms nor pools, and weights of events only, which nobody stores as spikes. What a
    // digit takes isn't counted.
    notRun: [
      "src/feeds/storing.ts",
      "src/fusions/neuron_block.ts",
      "src/layers/linear/recordings.ts",
      "src/layers/linear/stored.ts",
      "src/model/counts.ts",
      "src/program/count_inputs.ts",
    ],
    // Convolutions along lines, layers on recordings, on pixels or on stored signals, other encoders, dropout,
    // shortcuts, learned constants, recurrence, scores that are values, samples that end early, what
    // is counted for energy.
    kernelsNotRun: [
      "conv/gradient_lines.wgsl",
      "dropout/keep.wgsl",
      "dropout/values.wgsl",
      "encoder/own_steps.wgsl",
      "encoder/table.wgsl",
      "input/clear.wgsl",
      "input/numbers.wgsl",
      "input/spread.wgsl",
      "lib/lengths.wgsl",
      "lib/recordings.wgsl",
      "linear/forward_pixels.wgsl",
      "linear/forward_recordings.wgsl",
      "linear/fours.wgsl",
      "linear/gradient_pixels.wgsl",
      "linear/gradient_recordings.wgsl",
      "linear/gradient_rows.wgsl",
      "linear/numbers_run.wgsl",
      "linear/output_gradient.wgsl",
      "loss/read_out.wgsl",
      "loss/read_out_gradient.wgsl",
      "neuron/learned_gradient.wgsl",
      "recurrent/shares.wgsl",
      "residual/accumulate.wgsl",
      "sums/events.wgsl",
      "sums/numbers.wgsl",
    ],
  },
  // Its networks have layers of most kinds.
  { name: "layers", html: "layers.html", notRun: [], kernelsNotRun: [] },
];

/**
 * Builds the pages.
 *
 * @param folder Where they come; what is there is replaced.
 * @throws {Error} If a module can't be bundled.
 */
export async function buildPages(folder: string): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  for (const page of PAGES) await buildPage(page, folder);
  await Deno.copyFile(join(ROOT, "web", "style.css"), join(folder, "style.css"));
  await writeMnist(join(folder, "mnist"));
}

async function buildPage({ name, html, notRun, kernelsNotRun }: Page, folder: string) {
  const work = await Deno.makeTempDir();
  try {
    await writeLeanKernels(join(ROOT, "kernels"), join(work, "kernels"));
    for (const kernel of kernelsNotRun) {
      await Deno.writeTextFile(join(work, "kernels", kernel), "");
    }
    const config = join(work, "deno.json");
    const imports = await importsOf(work, [...NOT_RUN, ...notRun]);
    await Deno.writeTextFile(config, JSON.stringify({ imports }));
    for (const script of ["main", "worker"]) {
      const path = join(name, `${script}.js`);
      await bundle(config, join(ROOT, "web", name, `${script}.ts`), join(folder, path));
    }
  } finally {
    await Deno.remove(work, { recursive: true });
  }
  await Deno.writeTextFile(join(folder, html), await readHtml(html));
}

/** A page's HTML, with what it has in common with others. */
async function readHtml(name: string): Promise<string> {
  const page = await Deno.readTextFile(join(ROOT, "web", name));
  const parts = new Map<string, string>();
  for (const [, part] of page.matchAll(INCLUDE)) {
    parts.set(part!, await Deno.readTextFile(join(ROOT, "web", "parts", part!)));
  }
  return page.replace(INCLUDE, (_, part: string) => parts.get(part)!);
}

/** Where modules are: the library here, its kernels without comments, and without what a page never runs. */
async function importsOf(work: string, notRun: readonly string[]): Promise<Record<string, string>> {
  const { name, exports } = JSON.parse(await Deno.readTextFile(join(ROOT, "deno.json")));
  const url = (path: string) => pathToFileURL(join(ROOT, path)).href;
  const entryPoints = Object.entries<string>(exports)
    .map(([path, file]) => [join(name, path).replaceAll("\\", "/"), url(file)]);
  return Object.fromEntries([
    ...entryPoints,
    ...notRun.map((path) => [url(path), url("web/build/not_run.ts")]),
    [url("kernels/"), pathToFileURL(join(work, "kernels/")).href],
  ]);
}

async function bundle(config: string, entry: string, output: string): Promise<void> {
  const args = ["bundle", "--quiet", "--minify", "--platform", "browser", "--no-lock"];
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args, "-c", config, "-o", output, entry],
  }).output();
  if (!success) {
    throw new Error(`Cannot bundle "${entry}": ${new TextDecoder().decode(stderr)}`);
  }
}

if (import.meta.main) {
  await buildPages(DIST);
  for (const { name, html } of PAGES) {
    const scripts = ["main", "worker"].map((script) => join(DIST, name, `${script}.js`));
    const files = await Promise.all(scripts.map((path) => Deno.readFile(path)));
    const packed = await Promise.all(
      files.map((bytes) =>
        new Response(new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"))).bytes()
      ),
    );
    const sum = (all: readonly Uint8Array[]) =>
      all.reduce((bytes, { length }) => bytes + length, 0);
    console.log(`${html}: scripts of ${sum(files)} bytes, ${sum(packed)} compressed`);
  }
  console.log(`The pages are in ${DIST}: serve them by any server of static files`);
}

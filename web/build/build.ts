/**
 * Builds the page: static files that any host serves.
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

/** Where the built page comes by default. */
export const DIST: string = join(ROOT, "web", "dist");

/**
 * What the page never runs: its network has neither norms nor pools, and weights of events only, which nobody
 * stores as spikes; it makes no model from JSON and sums none up, neither clips gradients nor accumulates them, trains
 * alone, and its files are pictures and have one gzip member; browsers have neither drivers nor folders.
 */
const NOT_RUN = [
  "src/feeds/storing.ts",
  "src/fusions/neuron_block.ts",
  "src/layers/linear/recordings.ts",
  "src/layers/linear/stored.ts",
  "src/model/from_json.ts",
  "src/model/summary.ts",
  "src/program/gradients.ts",
  "src/formats/deflate_end.ts",
  "src/gpu/software_adapter.ts",
  "src/datasets/events/mod.ts",
  "src/datasets/idx_directory.ts",
  "src/datasets/mnist_package.ts",
  "src/model/counts.ts",
  "src/program/count_inputs.ts",
  "src/training/gradient_norms.ts",
  "src/training/together.ts",
  "src/training/round.ts",
];

/**
 * Kernels that the page never runs: those of convolutions along lines, of layers on recordings, on pixels or on
 * stored signals, of other encoders, of dropout, shortcuts and learned constants, of scores that are values, of
 * samples that end early, and of what is counted for energy.
 */
const KERNELS_NOT_RUN = [
  "conv/gradient_lines.wgsl",
  "dropout/keep.wgsl",
  "dropout/values.wgsl",
  "encoder/own_steps.wgsl",
  "encoder/table.wgsl",
  "input/clear.wgsl",
  "input/numbers.wgsl",
  "input/spread.wgsl",
  "lib/recordings.wgsl",
  "linear/forward_pixels.wgsl",
  "linear/forward_recordings.wgsl",
  "linear/fours.wgsl",
  "linear/gradient_pixels.wgsl",
  "linear/gradient_recordings.wgsl",
  "linear/gradient_rows.wgsl",
  "linear/output_gradient.wgsl",
  "loss/read_out.wgsl",
  "loss/read_out_gradient.wgsl",
  "neuron/learned_gradient.wgsl",
  "residual/accumulate.wgsl",
  "sums/events.wgsl",
  "sums/numbers.wgsl",
];

/**
 * Builds the page.
 *
 * @param folder Where it comes; what is there is replaced.
 * @throws {Error} If a module can't be bundled.
 */
export async function buildPage(folder: string): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  const work = await Deno.makeTempDir();
  try {
    await writeLeanKernels(join(ROOT, "kernels"), join(work, "kernels"));
    for (const kernel of KERNELS_NOT_RUN) {
      await Deno.writeTextFile(join(work, "kernels", kernel), "");
    }
    const config = join(work, "deno.json");
    await Deno.writeTextFile(config, JSON.stringify({ imports: await importsOf(work) }));
    for (const name of ["main", "worker"]) {
      await bundle(config, join(ROOT, "web", `${name}.ts`), join(folder, `${name}.js`));
    }
  } finally {
    await Deno.remove(work, { recursive: true });
  }
  for (const name of ["index.html", "style.css"]) {
    await Deno.copyFile(join(ROOT, "web", name), join(folder, name));
  }
  await writeMnist(join(folder, "mnist"));
}

/** Where modules are: the library here, its kernels without comments, and without what the page never runs. */
async function importsOf(work: string): Promise<Record<string, string>> {
  const { name, exports } = JSON.parse(await Deno.readTextFile(join(ROOT, "deno.json")));
  const url = (path: string) => pathToFileURL(join(ROOT, path)).href;
  const entryPoints = Object.entries<string>(exports)
    .map(([path, file]) => [join(name, path).replaceAll("\\", "/"), url(file)]);
  const notRun = NOT_RUN.map((path) => [url(path), url("web/build/not_run.ts")]);
  return Object.fromEntries([
    ...entryPoints,
    ...notRun,
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
  await buildPage(DIST);
  for await (const { name, isFile } of Deno.readDir(DIST)) {
    if (!isFile) continue;
    const bytes = await Deno.readFile(join(DIST, name));
    const packed = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
    const size = (await new Response(packed).bytes()).length;
    console.log(`${name}: ${bytes.length} bytes, ${size} compressed`);
  }
  console.log(`The page is in ${DIST}: serve it by any server of static files`);
}

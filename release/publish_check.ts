/**
 * Checks what `deno publish` would publish, without publishing it.
 *
 * The stand-ins in `links/` must not be published, but `deno publish` needs them
 * where JSR is out of reach, and refuses them inside the package's folder. So the
 * package is written to a temporary folder, with `links/` beside it, as packages that
 * it links to:
 *
 * ```sh
 * deno task publish:check
 * ```
 *
 * @module
 */
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { writeStandIns } from "./stand_ins.ts";
import { copy, readManifest, ROOT, writePackage } from "./write_package.ts";

/** A warning; those of imports that must not be analyzed, lest they download what isn't used, are meant. */
const UNEXPECTED = /^warning\[(?!unanalyzable-)/;

/** Tells people something. */
function print(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
}

/** The paths of the files in a folder that end in `end`. */
async function filesIn(folder: string, end: string): Promise<string[]> {
  const files: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (isDirectory) files.push(...await filesIn(path, end));
    else if (name.endsWith(end)) files.push(path);
  }
  return files;
}

/** Writes the package to `to`, and beside it the packages that it links to. */
async function writeLinked(to: string): Promise<void> {
  await writePackage(to);
  // With the versions that the lock file holds, nothing needs to be looked up.
  await copy(join(ROOT, "deno.lock"), join(to, "deno.lock"));
  const links = await writeStandIns(await readManifest(), join(to, ".."));
  const manifest = JSON.parse(await Deno.readTextFile(join(to, "deno.json")));
  await Deno.writeTextFile(
    join(to, "deno.json"),
    JSON.stringify({ ...manifest, links: links.map((link) => relative(to, link)) }),
  );
}

/** Runs `deno publish --dry-run` in a folder. */
async function dryRun(
  folder: string,
): Promise<{ success: boolean; output: string }> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["publish", "--dry-run", "--allow-dirty"],
    cwd: folder,
    env: { NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  return { success, output: decoder.decode(stdout) + decoder.decode(stderr) };
}

/** The files that a dry run lists, relative to `folder`, with slashes. */
function publishedFiles(output: string, folder: string): string[] {
  return Array.from(
    output.matchAll(/^\s+(file:\S+) \([\d.]+ ?\w+\)$/gm),
    ([, url]) => relative(folder, fileURLToPath(url!)).replaceAll(sep, "/"),
  );
}

/** What is wrong with a list of published files. */
async function flawsOf(files: string[]): Promise<string[]> {
  if (files.length === 0) return ["No file would be published"];
  const kernels = (await filesIn(join(ROOT, "kernels"), ".wgsl"))
    .map((path) => relative(ROOT, path).replaceAll(sep, "/"));
  return [
    ...kernels.filter((path) => !files.includes(path))
      .map((path) => `${path} would not be published`),
    ...files.filter((path) => /^(\.\.|links|release|tests)\//.test(path))
      .map((path) => `${path} would be published`),
  ];
}

const folder = await Deno.realPath(await Deno.makeTempDir());
try {
  const manifest = await readManifest();
  const copied = join(folder, "package");
  await writeLinked(copied);
  const { success, output } = await dryRun(copied);
  const files = publishedFiles(output, copied);
  const warnings = output.split("\n").filter((line) => UNEXPECTED.test(line));
  const flaws = success ? [...await flawsOf(files), ...warnings] : ["The dry run failed"];
  if (flaws.length > 0) {
    print([output.trimEnd(), ...flaws].join("\n"));
    Deno.exitCode = 1;
  } else {
    const kernels = files.filter((path) => path.endsWith(".wgsl"));
    print(
      `${manifest.name}@${manifest.version} would be published with ${files.length} files, ` +
        `${kernels.length} of them kernels`,
    );
  }
} finally {
  await Deno.remove(folder, { recursive: true });
}

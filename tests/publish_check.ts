/**
 * Checks what `deno publish` would publish, without publishing it.
 *
 * The stand-ins in `links/` must not be published, but `deno publish` needs them
 * where JSR is out of reach, and refuses them inside the package's folder. So the
 * package is copied to a temporary folder, with `links/` beside it, as packages that
 * the copy links to:
 *
 * ```sh
 * deno task publish:check
 * ```
 *
 * @module
 */
import { basename, dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** What this script reads of `deno.json`. */
interface Manifest {
  name: string;
  version: string;
  imports: Record<string, string>;
  scopes: { "./": Record<string, string>; "./links/": Record<string, string> };
  publish: { include: string[] };
}

const ROOT = fileURLToPath(new URL("../", import.meta.url));

/** Tells people something. */
function print(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
}

/** Copies a file or a folder and all that is in it. */
async function copy(from: string, to: string): Promise<void> {
  if ((await Deno.stat(from)).isFile) {
    await Deno.mkdir(dirname(to), { recursive: true });
    return await Deno.copyFile(from, to);
  }
  await Deno.mkdir(to, { recursive: true });
  for await (const { name } of Deno.readDir(from)) {
    await copy(join(from, name), join(to, name));
  }
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

/** Copies what is to be published to `to`, and `links/` beside it. */
async function copyPackage(manifest: Manifest, to: string): Promise<void> {
  for (const path of manifest.publish.include) {
    await copy(join(ROOT, path), join(to, path));
  }
  // With the versions that the lock file holds, nothing needs to be looked up.
  await copy(join(ROOT, "deno.lock"), join(to, "deno.lock"));
  await copy(join(ROOT, "links"), join(dirname(to), "links"));
  // The scopes lead to files that aren't published: here, packages stand in for packages.
  const { scopes: _, ...published } = manifest;
  const links = await writeStandIns(manifest, to);
  await Deno.writeTextFile(join(to, "deno.json"), JSON.stringify({ ...published, links }));
}

/** Makes packages of the stand-ins beside a package; gives the folders, seen from there. */
async function writeStandIns({ imports, scopes }: Manifest, to: string): Promise<string[]> {
  const packages = new Map<string, Record<string, string>>();
  for (const [specifier, path] of Object.entries(scopes["./"])) {
    const [name, entry] = [/^@[^/]+\/[^/]+/.exec(specifier)![0], `./${basename(path)}`];
    const folder = dirname(path);
    const version = imports[name]!.split("^")[1]!;
    const exports = { ...packages.get(folder), [`.${specifier.slice(name.length)}`]: entry };
    packages.set(folder, exports);
    const own = { name, version, license: "MIT", exports, imports: scopes["./links/"] };
    await Deno.writeTextFile(join(dirname(to), folder, "deno.json"), JSON.stringify(own));
  }
  return [...packages.keys()].map((folder) => `../${folder}`);
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
    ...files.filter((path) => /^(\.\.|links|tests)\//.test(path))
      .map((path) => `${path} would be published`),
  ];
}

const folder = await Deno.realPath(await Deno.makeTempDir());
try {
  const manifest: Manifest = JSON.parse(await Deno.readTextFile(join(ROOT, "deno.json")));
  const copied = join(folder, "package");
  await copyPackage(manifest, copied);
  const { success, output } = await dryRun(copied);
  const files = publishedFiles(output, copied);
  const flaws = success ? await flawsOf(files) : ["The dry run failed"];
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

/**
 * A registry as JSR is, on this machine, that has this package and stand-ins for those it needs.
 *
 * @module
 */
import { join, relative, sep } from "node:path";
import { writeStandIns } from "../../release/stand_ins.ts";
import { readManifest, writePackage } from "../../release/write_package.ts";

/** What the registry reads of a package's `deno.json`. */
interface PackageManifest {
  readonly name: string;
  readonly version: string;
  readonly exports: Readonly<Record<string, string>>;
  readonly imports: Readonly<Record<string, string>>;
}

/** A registry that answers until it is disposed of. */
export interface Registry extends AsyncDisposable {
  /** What the environment variable `JSR_URL` must be. */
  readonly url: string;
}

/** Starts a registry that keeps its files in a folder. */
export async function startRegistry(folder: string): Promise<Registry> {
  const main = join(folder, "package");
  await writePackage(main);
  const folders = [main, ...await writeStandIns(await readManifest(), folder)];
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const folder of folders) await addPackage(folder, files);
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, (request) => {
    const path = new URL(request.url).pathname;
    const bytes = files.get(path);
    if (!bytes) return new Response("", { status: 404 });
    const type = path.endsWith(".ts") ? "text/typescript" : "application/json";
    return new Response(bytes, { headers: { "content-type": type } });
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}/`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** Adds a package's files, and what a registry says of it, under the paths of their URLs. */
async function addPackage(folder: string, files: Map<string, Uint8Array<ArrayBuffer>>) {
  const { name, version, exports, imports }: PackageManifest = JSON.parse(
    await Deno.readTextFile(join(folder, "deno.json")),
  );
  const manifest: Record<string, { size: number; checksum: string }> = {};
  for await (const path of filesIn(folder)) {
    const place = `/${relative(folder, path).replaceAll(sep, "/")}`;
    const bytes = path.endsWith(".ts")
      ? new TextEncoder().encode(withFullSpecifiers(await Deno.readTextFile(path), imports))
      : await Deno.readFile(path);
    const sum = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
    manifest[place] = { size: bytes.length, checksum: `sha256-${sum}` };
    files.set(`/${name}/${version}${place}`, bytes);
  }
  const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
  files.set(`/${name}/${version}_meta.json`, json({ manifest, exports }));
  files.set(
    `/${name}/meta.json`,
    json({
      scope: name.slice(1).split("/")[0],
      name,
      latest: version,
      versions: { [version]: {} },
    }),
  );
}

/** Does what `deno publish` does: no map of imports is needed any more. */
function withFullSpecifiers(module: string, imports: Readonly<Record<string, string>>): string {
  return Object.entries(imports).reduce(
    (text, [name, full]) =>
      text.replaceAll(
        new RegExp(`^(.*\\bfrom )"${name}(/[^"]*)?"`, "gm"),
        (_, start, rest = "") => `${start}"${full}${rest}"`,
      ),
    module,
  );
}

async function* filesIn(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (isDirectory) yield* filesIn(path);
    else yield path;
  }
}

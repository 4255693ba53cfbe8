/**
 * Serves the built page on this machine.
 *
 * ```sh
 * deno task web:serve
 * ```
 *
 * @module
 */
import { extname, join } from "node:path";
import { DIST } from "./build.ts";

const PORT = 8000;

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
};

/**
 * Serves a folder's files to this machine alone.
 *
 * @param folder The folder.
 * @param port Where; any free port if it is 0.
 * @returns The server, and the address of its folder.
 */
export function serveFolder(
  folder: string,
  port = 0,
): Deno.HttpServer<Deno.NetAddr> & { url: string } {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port, onListen: () => {} },
    async ({ url }) => {
      const path = decodeURIComponent(new URL(url).pathname).replace(/\/$/, "/index.html");
      if (path.split(/[/\\]/).includes("..")) return new Response("Not found", { status: 404 });
      try {
        const file = await Deno.open(join(folder, path));
        const type = TYPES[extname(path)] ?? "application/octet-stream";
        return new Response(file.readable, { headers: { "content-type": type } });
      } catch (error) {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
        return new Response("Not found", { status: 404 });
      }
    },
  );
  return Object.assign(server, { url: `http://127.0.0.1:${server.addr.port}/` });
}

if (import.meta.main) console.log(`The page is at ${serveFolder(DIST, PORT).url}`);

/** What `train --download` brings, however the server and earlier calls ended. */

import { assertEquals, assertRejects } from "@std/assert";
import { createHash } from "node:crypto";
import { downloadFile, type WebFile } from "../../src/cli/download/download_file.ts";
import { downloadFashionMnist } from "../../src/cli/download/fashion_mnist.ts";
import { loadFashionMnist } from "../../src/datasets/mod.ts";
import { captured } from "../support/captured.ts";

const BYTES = Uint8Array.from({ length: 5000 }, (_, i) => i * i % 251);
const FILE: WebFile = { name: "file.gz", md5: createHash("md5").update(BYTES).digest("hex") };
const PARTIAL = ".file.gz.partial";

/** A server and an empty folder. */
async function withServer(
  answer: (request: Request) => Response | Promise<Response>,
  use: (base: URL, folder: string, asked: string[]) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const asked: string[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    asked.push(request.headers.get("range") ?? "all");
    return answer(request);
  });
  try {
    const base = new URL(`http://127.0.0.1:${server.addr.port}/set/`);
    await captured(() => use(base, folder, asked));
  } finally {
    await server.shutdown();
    await Deno.remove(folder, { recursive: true });
  }
}

/** Answers as a server does that knows ranges. */
function inRange({ headers }: Request, bytes = BYTES): Response {
  const start = Number(/^bytes=(\d+)-$/.exec(headers.get("range") ?? "")?.[1] ?? -1);
  if (start < 0) return new Response(bytes);
  if (start >= bytes.length) return new Response(null, { status: 416 });
  return new Response(bytes.slice(start), { status: 206 });
}

const namesIn = async (folder: string) =>
  (await Array.fromAsync(Deno.readDir(folder), ({ name }) => name)).sort();

Deno.test("a file is downloaded once", async () => {
  await withServer(inRange, async (base, folder, asked) => {
    await downloadFile(FILE, base, folder);
    await downloadFile(FILE, base, folder);
    assertEquals(await Deno.readFile(`${folder}/file.gz`), BYTES);
    assertEquals([asked, await namesIn(folder)], [["all"], ["file.gz"]]);
  });
});

Deno.test("two that want a file at the same time get it once", async () => {
  await withServer(inRange, async (base, folder, asked) => {
    await Promise.all([downloadFile(FILE, base, folder), downloadFile(FILE, base, folder)]);
    assertEquals([asked, await Deno.readFile(`${folder}/file.gz`)], [["all"], BYTES]);
  });
});

Deno.test("a file that is damaged is downloaded again", async () => {
  await withServer(inRange, async (base, folder) => {
    await Deno.writeFile(`${folder}/file.gz`, BYTES.subarray(1));
    await downloadFile(FILE, base, folder);
    assertEquals(await Deno.readFile(`${folder}/file.gz`), BYTES);
  });
});

/** Answers one request with the first 3000 bytes of 5000, and hangs up. */
async function hangUp(listener: Deno.Listener): Promise<void> {
  using connection = await listener.accept();
  await connection.read(new Uint8Array(4096));
  const head = new TextEncoder().encode("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n");
  const answer = new Blob([head, BYTES.slice(0, 3000)]).stream();
  for await (const bytes of answer) await connection.write(bytes);
}

Deno.test("a download that broke off has no file's name, and is gone on with", async () => {
  await withServer(inRange, async (base, folder, asked) => {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const bad = new URL(`http://127.0.0.1:${(listener.addr as Deno.NetAddr).port}/`);
    const [error] = await Promise.all([
      assertRejects(() => downloadFile(FILE, bad, folder), Error),
      hangUp(listener),
    ]);
    assertEquals(error.message.split(": ")[0], `Cannot download ${bad}file.gz`);
    assertEquals(await namesIn(folder), [PARTIAL]);
    await downloadFile(FILE, base, folder);
    assertEquals(asked, ["bytes=3000-"]);
    assertEquals(await Deno.readFile(`${folder}/file.gz`), BYTES);
    assertEquals(await namesIn(folder), ["file.gz"]);
  });
});

Deno.test("a download that ended just before it got its name gets it", async () => {
  await withServer(inRange, async (base, folder) => {
    await Deno.writeFile(`${folder}/${PARTIAL}`, BYTES);
    await downloadFile(FILE, base, folder);
    assertEquals(await namesIn(folder), ["file.gz"]);
  });
});

Deno.test("a server that knows no ranges sends all again", async () => {
  await withServer(() => new Response(BYTES), async (base, folder) => {
    await Deno.writeFile(`${folder}/${PARTIAL}`, BYTES.subarray(0, 700));
    await downloadFile(FILE, base, folder);
    assertEquals(await Deno.readFile(`${folder}/file.gz`), BYTES);
  });
});

Deno.test("what isn't the file is refused, and not gone on with", async () => {
  const wrong = BYTES.toReversed();
  await withServer((request) => inRange(request, wrong), async (base, folder) => {
    const error = await assertRejects(() => downloadFile(FILE, base, folder), Error);
    const sum = createHash("md5").update(wrong).digest("hex");
    assertEquals(
      error.message,
      `Cannot use what came from ${base}file.gz as its MD5 sum is ${sum} instead of ` +
        `${FILE.md5}: try again, or get the file from elsewhere`,
    );
    assertEquals(await namesIn(folder), [PARTIAL]);
    assertEquals((await Deno.stat(`${folder}/${PARTIAL}`)).size, 0);
  });
});

Deno.test("a server's refusal is named", async () => {
  const none = () => new Response("Not here", { status: 404, statusText: "Not Found" });
  await withServer(none, async (base, folder) => {
    await assertRejects(
      () => downloadFile(FILE, base, folder),
      Error,
      `Cannot download ${base}file.gz: the server answers 404 Not Found`,
    );
  });
});

const DEBIAN = "/usr/share/datasets/fashion-mnist";

/** Debian's file as its authors have it: with its name in the header, and the seconds it was made at. */
async function officialFile(name: string): Promise<Uint8Array<ArrayBuffer>> {
  const header = new Uint8Array([0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 3]);
  const seconds = name.startsWith("train") ? 1_504_176_606 : 1_504_176_627;
  new DataView(header.buffer).setUint32(4, seconds, true);
  const text = new TextEncoder().encode(`${name.replace(".gz", "")}\0`);
  const body = (await Deno.readFile(`${DEBIAN}/${name}`)).subarray(10);
  return await new Blob([header, text, body]).bytes();
}

Deno.test({
  name: "Fashion-MNIST's files have the sums that they are checked by",
  ignore: !await Deno.stat(DEBIAN).then(() => true, () => false),
  async fn() {
    const answer = async ({ url }: Request) =>
      new Response(await officialFile(url.slice(url.lastIndexOf("/") + 1)));
    await withServer(answer, async (base, folder, asked) => {
      assertEquals(await downloadFashionMnist(folder, base), folder);
      assertEquals(asked.length, 4);
      const { train, test } = await loadFashionMnist({ directory: folder });
      assertEquals([train.count, test.count, test.labels![0]], [60_000, 10_000, 9]);
    });
  },
});

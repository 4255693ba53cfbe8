import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { loadMnist } from "../../src/datasets/mod.ts";
import { gzip, idxFile } from "./idx_file.ts";
import { FILES, partsOf } from "./mnist_files.ts";

/** A body, or what else a server answers. */
type Answers = Record<string, Uint8Array<ArrayBuffer> | (() => Response)>;

/** Calls a function with the URL of a server that answers with files, or 404. */
async function withServer(answers: Answers, use: (origin: string) => Promise<void>): Promise<void> {
  const answer = ({ url }: Request) => {
    const { pathname, search } = new URL(url);
    const found = answers[pathname + search] ?? answers[pathname.slice("/set/".length)];
    if (!found) return new Response("Not found", { status: 404 });
    return found instanceof Function ? found() : new Response(found);
  };
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, answer);
  try {
    await use(`http://127.0.0.1:${server.addr.port}`);
  } finally {
    await server.shutdown();
  }
}

async function assertFails(answers: Answers, message: (url: string) => string): Promise<void> {
  await withServer({ ...FILES, ...answers }, async (origin) => {
    const directory = new URL(`${origin}/set`);
    const error = await assertRejects(() => loadMnist({ directory }), Error);
    assertEquals(error.message, message(directory.href));
  });
}

/** What an answer of no file looks like. */
const missing = () => new Response(null, { status: 404 });
const page = () =>
  new Response("<!doctype html>", { headers: { "content-type": "text/html; charset=utf-8" } });

Deno.test("loadMnist() loads files from the web, and tells how many bytes have come", async () => {
  const zipped = Object.fromEntries(
    await Promise.all(
      Object.entries(FILES).map(async ([name, bytes]) =>
        [`${name}.gz`, await gzip(bytes)] as const
      ),
    ),
  );
  const dotted = Object.fromEntries(
    Object.entries(FILES).map(([name, bytes]) => [name.replace("-idx", ".idx"), bytes]),
  );
  for (const files of [FILES, zipped, dotted]) {
    await withServer(files, async (origin) => {
      for (const end of ["", "/"]) {
        const told: number[] = [];
        const directory = new URL(`${origin}/set${end}`);
        const { train, test } = await loadMnist({
          directory,
          onProgress: (bytes) => void told.push(bytes),
        });
        assertEquals(partsOf(train), {
          shape: [1, 5, 7],
          data: idxFile([4, 5, 7]).slice(16),
          labels: [0, 1, 1, 0],
          classes: 3,
        });
        assertEquals(test.count, 2);
        assertEquals(told, told.toSorted((a, b) => a - b));
        const sizes = Object.values(files).map(({ length }) => length);
        assertEquals(told.at(-1), sizes.reduce((a, b) => a + b));
      }
    });
  }
});

Deno.test("loadMnist() keeps what follows a URL's path", async () => {
  const files = Object.entries(FILES).map(([name, bytes]) => [`/set/${name}?key=1`, bytes]);
  await withServer(Object.fromEntries(files), async (origin) => {
    const { test } = await loadMnist({ directory: new URL(`${origin}/set/?key=1`) });
    assertEquals(test.count, 2);
  });
});

Deno.test("loadMnist() takes no page for a file", async () => {
  const zipped = await gzip(FILES["train-images-idx3-ubyte"]!);
  const answers = { "train-images-idx3-ubyte": page, "train-images-idx3-ubyte.gz": zipped };
  await withServer({ ...FILES, ...answers }, async (origin) => {
    const { train } = await loadMnist({ directory: new URL(`${origin}/set`) });
    assertEquals(train.count, 4);
  });
});

Deno.test("loadMnist() names a file that is missing or damaged on the web", async () => {
  await assertFails(
    { "t10k-labels-idx1-ubyte": missing },
    (url) =>
      `Cannot load a data set from "${url}" as it has none of t10k-labels-idx1-ubyte, ` +
      "t10k-labels-idx1-ubyte.gz, t10k-labels.idx1-ubyte, t10k-labels.idx1-ubyte.gz",
  );
  await assertFails(
    { "train-images-idx3-ubyte": idxFile([4, 5, 7]).subarray(0, -1) },
    (url) =>
      `Cannot read "${url}/train-images-idx3-ubyte" as IDX as it is truncated: ` +
      "its header promises 4 x 5 x 7 = 140 bytes of data, but there are 139 (at byte 155)",
  );
  await assertFails(
    { "train-labels-idx1-ubyte": idxFile([3]) },
    (url) =>
      `Cannot use "${url}/train-labels-idx1-ubyte" with "${url}/train-images-idx3-ubyte" ` +
      "as their counts differ: 3 labels and 4 pictures",
  );
  const busy = () => new Response(null, { status: 503, statusText: "Service Unavailable" });
  await assertFails(
    { "train-labels-idx1-ubyte": busy },
    (url) =>
      `Cannot load "${url}/train-labels-idx1-ubyte" as the server answers 503 Service Unavailable`,
  );
});

Deno.test("loadMnist() says that a server isn't there", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const directory = new URL(`http://127.0.0.1:${listener.addr.port}/set`);
  listener.close();
  const error = await assertRejects(() => loadMnist({ directory }), Error);
  const [start] = error.message.split(" as ");
  assertEquals(start, `Cannot load "${directory}/train-images-idx3-ubyte"`);
});

Deno.test("loadMnist() names a file that breaks off", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const directory = new URL(`http://127.0.0.1:${listener.addr.port}/set`);
  const answered = (async () => {
    for await (using connection of listener) {
      const answer = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nfew";
      // Once one file has failed, nobody waits for the others' answers.
      await connection.read(new Uint8Array(1000))
        .then(() => connection.write(new TextEncoder().encode(answer)))
        .catch(() => {});
    }
  })();
  const { message } = await assertRejects(() => loadMnist({ directory }), Error);
  listener.close();
  await answered;
  assertMatch(message, /^Cannot load "http:.*-ubyte" as it breaks off: .+$/);
});

Deno.test("loadMnist() lets an error of onProgress through", async () => {
  await withServer(FILES, async (origin) => {
    const onProgress = () => {
      throw new RangeError("enough");
    };
    const directory = new URL(`${origin}/set`);
    await assertRejects(() => loadMnist({ directory, onProgress }), RangeError, "enough");
  });
});

Deno.test("loadMnist() refuses what is no directory", async () => {
  await assertRejects(
    () => loadMnist({ directory: new URL("ftp://example.org/set") }),
    RangeError,
    "Cannot load a data set as the URL of its directory must begin with file:, https: or http:: " +
      "current value is ftp://example.org/set",
  );
  await assertRejects(
    () => loadMnist({ directory: 7 as unknown as string }),
    TypeError,
    "Cannot load a data set as its directory must be a path or a URL: current value is 7",
  );
});

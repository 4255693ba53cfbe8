/**
 * How long a large recording takes to be read in parts, and how much memory: makes a file of 1 GB in
 * N-MNIST's format, and one in AEDAT 3.1, in a temporary folder, and reads each in a process of its own.
 *
 *     deno run -A bench/read_events.ts [bytes]
 */

import { readAedat3, readNmnist } from "../src/datasets/mod.ts";

const READERS = { "N-MNIST": readNmnist, "AEDAT 3.1": readAedat3 } as const;
type Format = keyof typeof READERS;

/** Bytes that are written at once. */
const BLOCK_EVENTS = 1 << 16;

async function read(format: Format, path: string): Promise<void> {
  const start = performance.now();
  let events = 0, on = 0;
  const file = await Deno.open(path);
  for await (const { p } of READERS[format](file.readable, { name: path })) {
    events += p.length;
    for (let i = 0; i < p.length; i++) on += p[i]!;
  }
  const seconds = (performance.now() - start) / 1000;
  const status = await Deno.readTextFile("/proc/self/status").catch(() => "");
  const peak = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? NaN) / 1024;
  console.log(
    `${format}: ${(events / 1e6).toFixed(1)} million events (${
      (100 * on / events).toFixed(0)
    } % ON) ` +
      `in ${seconds.toFixed(1)} s, at most ${peak.toFixed(0)} MB`,
  );
}

/** A block of events in a format, at the end of each other's times. */
function blockOf(format: Format): Uint8Array<ArrayBuffer> {
  if (format === "N-MNIST") {
    const bytes = new Uint8Array(5 * BLOCK_EVENTS);
    for (let i = 0; i < BLOCK_EVENTS; i++) {
      bytes.set([i % 34, (i >> 3) % 34, (i & 1) << 7, 0, 0], 5 * i);
    }
    return bytes;
  }
  const view = new DataView(new ArrayBuffer(28 + 8 * BLOCK_EVENTS));
  view.setInt16(0, 1, true);
  [8, 4, 0, BLOCK_EVENTS, BLOCK_EVENTS, BLOCK_EVENTS].forEach((value, i) =>
    view.setInt32(4 + 4 * i, value, true)
  );
  for (let i = 0; i < BLOCK_EVENTS; i++) {
    view.setUint32(28 + 8 * i, (i % 128) << 17 | ((i >> 3) % 128) << 2 | (i & 1) << 1 | 1, true);
    view.setInt32(32 + 8 * i, i, true);
  }
  return new Uint8Array(view.buffer);
}

const [first = "1e9", path] = Deno.args;
if (path !== undefined) {
  await read(first as Format, path);
} else {
  const folder = await Deno.makeTempDir();
  try {
    for (const format of ["N-MNIST", "AEDAT 3.1"] as const) {
      const path = `${folder}/events`;
      using file = await Deno.create(path);
      const writer = file.writable.getWriter();
      if (format === "AEDAT 3.1") {
        await writer.write(new TextEncoder().encode("#!AER-DAT3.1\r\n#!END-HEADER\r\n"));
      }
      const block = blockOf(format);
      for (let bytes = 0; bytes < Number(first); bytes += block.length) await writer.write(block);
      await writer.close();
      const { code } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "-A", import.meta.filename!, format, path],
        stdout: "inherit",
        stderr: "inherit",
      }).output();
      if (code !== 0) Deno.exit(code);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

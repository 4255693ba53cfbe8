import { assertEquals, assertMatch } from "@std/assert";
import { ProgressBar, type ProgressBarFormatter } from "@std/cli/unstable-progress-bar";

const CLEAR_LINE = "\r\x1b[K";

/** A stream to write to, and a promise of all that was written to it. */
function collect(): {
  writable: WritableStream<Uint8Array>;
  written: Promise<string>;
} {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const written = Array.fromAsync(readable.pipeThrough(new TextDecoderStream()))
    .then((chunks) => chunks.join(""));
  return { writable, written };
}

Deno.test("ProgressBar writes its first and its last line", async () => {
  const { writable, written } = collect();
  const bar = new ProgressBar({ writable, max: 2048, keepOpen: false });
  bar.value += 1024;
  await bar.stop();
  assertMatch(
    await written,
    new RegExp(
      `^${CLEAR_LINE.replace("[", "\\[")}\\[00:00\\] \\[-{50}\\] \\[0.00/2.00 KiB\\]` +
        `${CLEAR_LINE.replace("[", "\\[")}\\[00:0\\d\\] \\[#{25}-{25}\\] \\[1.00/2.00 KiB\\]\n$`,
    ),
  );
});

Deno.test("ProgressBar has looks", async () => {
  const { writable, written } = collect();
  const bar = new ProgressBar({
    writable,
    value: 1,
    max: 4,
    barLength: 8,
    fillChar: "=",
    emptyChar: ".",
    keepOpen: false,
    formatter: ({ progressBar, value, max }) => `${progressBar} ${value} of ${max}`,
  });
  bar.value = 3;
  await bar.stop();
  assertEquals(
    await written,
    `${CLEAR_LINE}==...... 1 of 4${CLEAR_LINE}======.. 3 of 4\n`,
  );
});

Deno.test("ProgressBar stays within its length", async () => {
  const { writable, written } = collect();
  const bar = new ProgressBar({
    writable,
    value: -1,
    max: 4,
    barLength: 4,
    keepOpen: false,
    formatter: ({ progressBar }) => progressBar,
  });
  bar.value = 9;
  await bar.stop();
  assertEquals(await written, `${CLEAR_LINE}----${CLEAR_LINE}####\n`);
});

Deno.test("ProgressBar takes a new max", async () => {
  const { writable, written } = collect();
  const bar = new ProgressBar({
    writable,
    value: 1,
    max: 2,
    barLength: 4,
    keepOpen: false,
    formatter: ({ progressBar, max }) => progressBar + max,
  });
  bar.max = 4;
  await bar.stop();
  assertEquals(await written, `${CLEAR_LINE}##--2${CLEAR_LINE}#---4\n`);
});

Deno.test("ProgressBar tells its formatter time and value", async () => {
  const { writable, written } = collect();
  const lines: ProgressBarFormatter[] = [];
  const bar = new ProgressBar({
    writable,
    max: 4,
    keepOpen: false,
    formatter: (line) => {
      lines.push(line);
      return "";
    },
  });
  bar.value = 3;
  await bar.stop();
  await written;
  assertEquals(
    lines.map((line) => [line.previousValue, line.value, line.max]),
    [[0, 0, 4], [0, 3, 4]],
  );
  assertEquals(lines[1]?.previousTime, lines[0]?.time);
  assertMatch(lines[0]?.styledTime ?? "", /^\d\d:\d\d$/);
});

Deno.test("ProgressBar removes its line", async () => {
  const { writable, written } = collect();
  const bar = new ProgressBar({
    writable,
    max: 4,
    clear: true,
    keepOpen: false,
    formatter: () => "line",
  });
  await bar.stop();
  assertEquals(await written, `${CLEAR_LINE}line${CLEAR_LINE}`);
});

Deno.test("ProgressBar keeps its stream open", async () => {
  const { writable, written } = collect();
  const bar = new ProgressBar({ writable, max: 1, formatter: () => "a" });
  await bar.stop();
  const writer = writable.getWriter();
  await writer.write(new TextEncoder().encode("b"));
  await writer.close();
  assertEquals(await written, `${CLEAR_LINE}a${CLEAR_LINE}a\nb`);
});

Deno.test("ProgressBar outlives its reader", async () => {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const bar = new ProgressBar({ writable, max: 1 });
  await readable.cancel();
  bar.value = 1;
  await bar.stop();
});

Deno.test("ProgressBar rewrites its line once a second", async () => {
  const { writable, written } = collect();
  const bar = new ProgressBar({
    writable,
    max: 9,
    keepOpen: false,
    formatter: ({ value }) => String(value),
  });
  bar.value = 5;
  await new Promise((resolve) => setTimeout(resolve, 1300));
  bar.value = 6;
  await bar.stop();
  assertEquals(
    await written,
    `${CLEAR_LINE}0${CLEAR_LINE}5${CLEAR_LINE}6\n`,
  );
});

Deno.test("ProgressBar picks a unit for its default line", async () => {
  for (const [index, unit] of ["KiB", "MiB", "GiB", "TiB"].entries()) {
    const { writable, written } = collect();
    const max = 1024 ** (index + 1);
    const bar = new ProgressBar({
      writable,
      max,
      clear: true,
      keepOpen: false,
    });
    await bar.stop();
    assertMatch(await written, new RegExp(`\\[0\\.00/1\\.00 ${unit}\\]`));
  }
});

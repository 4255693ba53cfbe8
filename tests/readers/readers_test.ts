import { assertEquals } from "@std/assert";
import { join } from "node:path";
import {
  encodeEvents,
  encodeNpy,
  encodeSafetensors,
  histogramOf,
  type SummaryEvent,
  type Tensor,
} from "../../src/formats/mod.ts";
import { decodeNir, encodeNir, type NirGraph, type NirNode } from "../../src/nir/mod.ts";
import { PYTHON, readWithPython } from "./python.ts";

/** Tensors of each type and several ranks, and what NumPy calls their types. */
const TENSORS: Record<string, Tensor & { dtype: string }> = {
  "layer.1.weight": { dtype: "<f4", shape: [2, 3], data: new Float32Array([0.5, -1, 2, 0, 3, 4]) },
  "layer.1.bias": { dtype: "<f8", shape: [2], data: new Float64Array([0.1, -1e300]) },
  scalar: { dtype: "<i4", shape: [], data: new Int32Array([-7]) },
  none: { dtype: "<u4", shape: [0, 3], data: new Uint32Array() },
  pixels: { dtype: "|u1", shape: [1, 3, 1], data: new Uint8Array([0, 128, 255]) },
  bytes: { dtype: "|i1", shape: [1], data: new Int8Array([-128]) },
  i16: { dtype: "<i2", shape: [1], data: new Int16Array([-300]) },
  u16: { dtype: "<u2", shape: [1], data: new Uint16Array([65535]) },
  i64: { dtype: "<i8", shape: [2], data: new BigInt64Array([-5n, 2n ** 40n]) },
  u64: { dtype: "<u8", shape: [1], data: new BigUint64Array([2n ** 50n]) },
};

/** What the scripts print of a tensor. */
function printed({ dtype, shape, data }: Tensor & { dtype: string }): unknown {
  return { dtype, shape, values: Array.from(data, Number) };
}

/** Calls a function with a folder for its files, then removes it. */
async function withFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function test(name: string, use: (folder: string) => Promise<void>): void {
  Deno.test({ name, ignore: PYTHON === undefined, fn: () => withFolder(use) });
}

test("NumPy reads .npy files", async (folder) => {
  const paths: string[] = [];
  for (const [name, { shape, data }] of Object.entries(TENSORS)) {
    const path = join(folder, `${name}.npy`);
    await Deno.writeFile(path, encodeNpy(data, shape));
    paths.push(path);
  }
  const arrays = await readWithPython("read_npy.py", ...paths);
  assertEquals(arrays, Object.values(TENSORS).map(printed));
});

test("safetensors for Python reads safetensors files", async (folder) => {
  const path = join(folder, "network.safetensors");
  const metadata = { epoch: "3", text: 'a "quote", ü' };
  const tensors = new Map<string, Tensor>(Object.entries(TENSORS));
  await Deno.writeFile(path, encodeSafetensors(tensors, metadata));
  assertEquals(await readWithPython("read_safetensors.py", path), {
    metadata,
    tensors: Object.fromEntries(
      Object.entries(TENSORS).map(([name, tensor]) => [name, printed(tensor)]),
    ),
  });
});

test("TensorBoard reads event files", async (folder) => {
  const time = 1_700_000_000;
  const weights = Float32Array.from({ length: 100 }, (_, index) => Math.sin(index));
  const histogram = histogramOf(weights);
  const point = (step: number, value: number) => ({ step, wallTime: time + step, value });
  const losses = [point(0, 1), point(1, 0.5), point(2, -0.25)];
  const events: SummaryEvent[] = [
    { kind: "text", tag: "options", step: 0, wallTime: time, text: "| a | ü |\n|---|---|\n" },
    ...losses.map((loss) => ({ kind: "scalar", tag: "train/loss", ...loss } as const)),
    { kind: "histogram", tag: "weight", step: 2, wallTime: time + 2, histogram },
    { kind: "histogram", tag: "same", step: 2, wallTime: time + 2, histogram: histogramOf([3, 3]) },
    { kind: "histogram", tag: "none", step: 2, wallTime: time + 2, histogram: histogramOf([]) },
  ];
  const later: SummaryEvent = { kind: "scalar", tag: "train/loss", ...point(3, 0.125) };
  const path = join(folder, "events.out.tfevents.1700000000.galvani");
  await Deno.writeFile(path, await encodeEvents(events));
  await Deno.writeFile(path, await encodeEvents([later]), { append: true });

  const read = await readWithPython("read_events.py", folder) as {
    shownHistograms: Record<string, number[][][]>;
  };
  const { shownHistograms, ...rest } = read;
  const at2 = { step: 2, wallTime: time + 2 };
  assertEquals<unknown>(rest, {
    firstTime: time,
    scalars: { "train/loss": [...losses, point(3, 0.125)] },
    histograms: {
      weight: [{ ...at2, ...histogram }],
      same: [{ ...at2, ...histogramOf([3, 3]) }],
      none: [{ ...at2, ...histogramOf([]) }],
    },
    texts: { options: [{ step: 0, wallTime: time, text: "| a | ü |\n|---|---|\n" }] },
    plugins: {
      options: "text",
      "train/loss": "scalars",
      weight: "histograms",
      same: "histograms",
      none: "histograms",
    },
  });
  assertEquals(shownHistograms.none, [[]]);
  assertEquals(shownHistograms.same, [[[3, 3, 2]]]);
  const shown = shownHistograms.weight![0]!;
  assertEquals(shown.map(([, , count]) => count), [...histogram.buckets]);
  assertEquals(shown[0]![0], Math.fround(histogram.min));
  assertEquals(shown.map(([, right]) => right), histogram.bucketLimits.map(Math.fround));
});

test("NIR's package reads NIR files, and what it writes of them is read", async (folder) => {
  const floats = (...data: number[]) => ({ shape: [data.length], data: Float32Array.from(data) });
  const sizes = (...data: number[]) => ({
    shape: [data.length],
    data: BigInt64Array.from(data, BigInt),
  });
  const neurons = {
    tau: floats(0.0025, 0.003),
    r: floats(1, 2),
    v_leak: floats(0, -0.5),
    v_threshold: floats(1, 0.1),
    v_reset: floats(0, -0.5),
  };
  const weight = { shape: [2, 3], data: Float32Array.of(0.5, -1, 2, 0, 3, 4) };
  const graph: NirGraph = {
    type: "NIRGraph",
    nodes: new Map<string, NirNode>([
      ["0 é", { type: "Input", parameters: { shape: sizes(3) } }],
      ["1", { type: "Affine", parameters: { weight, bias: floats(1, -2) } }],
      ["10", { type: "LIF", parameters: neurons }],
      ["9", { type: "Output", parameters: { shape: sizes(2) } }],
    ]),
    edges: [["0 é", "1"], ["1", "10"], ["10", "9"]],
    version: "1.0.8",
  };
  const path = join(folder, "network.nir");
  await Deno.writeFile(path, encodeNir(graph));
  const lists = Object.entries(neurons).map(([name, { data }]) => [name, [...data]]);
  assertEquals(await readWithPython("read_nir.py", path), [{
    edges: [["0 é", "1"], ["1", "10"], ["10", "9"]],
    nodes: {
      "0 é": { type: "Input", shape: [3] },
      "1": { type: "Affine", weight: [[0.5, -1, 2], [0, 3, 4]], bias: [1, -2] },
      "10": { type: "LIF", ...Object.fromEntries(lists) },
      "9": { type: "Output", shape: [2] },
    },
  }]);
  for (const compression of ["gzip", "lzf", "None"]) {
    const { nodes, edges } = await decodeNir(await Deno.readFile(`${path}.${compression}`));
    assertEquals(nodes, graph.nodes);
    assertEquals(edges.toSorted(), graph.edges.toSorted());
  }
});

import { assertEquals } from "@std/assert";
import {
  type NumberSignal,
  Random,
  reader,
  type StoredSignal,
  timeQuads,
  workgroupsFor,
  writer,
} from "../../src/extend.ts";
import { denseOf, valuesOf } from "../support/dense.ts";
import { sharedGpu } from "../support/gpu.ts";
import { TestProgram } from "../support/test_program.ts";

/** What reads a signal and stores it, four time steps of a number a lane. */
const COPY = `
override numbers: u32;
override size: u32;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = id.x + id.y * groups.x * 64u;
  let n = i / \${quads}u;
  let quad = i % \${quads}u;
  if (n >= numbers) { return; }
  store_copied(n / size, n % size, quad, source_quad(n / size, n % size, quad));
}
`;

/** What spikes after dropout need besides. */
const STEP = "#include lib/batch\n#binding var<uniform> step: Step;";

const [BATCH, SHAPE] = [3, [2, 3]];
const SIZE = 6;
const NUMBERS = BATCH * SIZE;

/** Copies a signal on the device: numbers over time [T][batch * size]. */
async function copy(
  program: TestProgram,
  source: StoredSignal,
  options: { readonly delay?: 0 | 1; readonly learns?: boolean } = {},
): Promise<number[]> {
  const { scope, gpu } = program;
  const { timeSteps, batchSize } = scope;
  const { delay = 0, learns = true } = options;
  const quads = timeQuads(timeSteps);
  const bytes = Math.ceil(NUMBERS / 8) * quads * 128;
  const target: NumberSignal = {
    kind: "numbers",
    shape: SHAPE,
    over: "time",
    values: scope.buffer(bytes, "copy"),
  };
  const input = reader("source", source, { timeSteps, batchSize, delay });
  const output = writer("copied", target, scope);
  const before = program.count("forward");
  await scope.run("forward", {
    name: "test/copy",
    texts: [STEP, input.text, output.text, COPY],
    values: { ...input.values, ...output.values, numbers: NUMBERS, size: SIZE, quads },
    resources: { ...input.resources, ...output.resources },
    workgroups: workgroupsFor(NUMBERS * quads, 64),
  });
  assertEquals(program.count("forward"), before + 1);
  program.run("forward", { learns });
  const data = new Float32Array(await gpu.read(target.values));
  return [...valuesOf(data, timeSteps, NUMBERS)];
}

/** The same a time step later; 0 before. */
function later(values: readonly number[]): number[] {
  return [...new Array<number>(NUMBERS).fill(0), ...values.slice(0, values.length - NUMBERS)];
}

function wordsOf(spikes: readonly number[]): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array(Math.ceil(spikes.length / NUMBERS / 32) * NUMBERS);
  spikes.forEach((spike, at) => {
    const t = Math.floor(at / NUMBERS);
    if (spike) words[(t >> 5) * NUMBERS + at % NUMBERS]! |= 1 << (t & 31);
  });
  return words;
}

for (const timeSteps of [1, 2, 3, 4, 5, 8, 31, 32, 33, 64, 100, 129, 259]) {
  Deno.test(`what reads and stores signals keeps every number: T ${timeSteps}`, async () => {
    const gpu = await sharedGpu();
    using program = new TestProgram(gpu, { batchSize: BATCH, timeSteps });
    const random = new Random(timeSteps);
    const drawn = (length: number) =>
      Array.from({ length }, () => Math.fround(random.uniform(-1, 1)));
    const overTime = drawn(timeSteps * NUMBERS);
    const numbers = { kind: "numbers", shape: SHAPE } as const;
    const dense: NumberSignal = {
      ...numbers,
      over: "time",
      values: program.filled(denseOf(overTime, timeSteps, 7)),
    };
    assertEquals(await copy(program, dense), overTime);
    assertEquals(await copy(program, dense, { delay: 1 }), later(overTime));

    const once = drawn(NUMBERS);
    const constant: NumberSignal = {
      ...numbers,
      over: "constant",
      values: program.filled(Float32Array.from(once)),
    };
    const repeated = Array.from({ length: timeSteps }, () => once).flat();
    assertEquals(await copy(program, constant), repeated);
    assertEquals(await copy(program, constant, { delay: 1 }), later(repeated));

    const bits = Array.from({ length: timeSteps * NUMBERS }, () => random.below(2));
    const spikes: StoredSignal = {
      kind: "spikes",
      shape: SHAPE,
      over: "time",
      spikes: program.filled(wordsOf(bits)),
      counts: program.filled(new Uint32Array(NUMBERS)),
    };
    assertEquals(await copy(program, spikes), bits);
    assertEquals(await copy(program, spikes, { delay: 1 }), later(bits));
    // After dropout a spike counts more, but only where the network learns.
    for (const scale of [1.25, 2]) {
      const dropped: StoredSignal = { ...spikes, scale };
      const scaled = bits.map((bit) => bit * scale);
      assertEquals(await copy(program, dropped), scaled);
      assertEquals(await copy(program, dropped, { delay: 1 }), later(scaled));
      assertEquals(await copy(program, dropped, { learns: false }), bits);
    }
  });
}

Deno.test("what stores numbers that are the same at each time step takes the first of them", async () => {
  const gpu = await sharedGpu();
  const timeSteps = 9;
  using program = new TestProgram(gpu, { batchSize: BATCH, timeSteps });
  const values = Array.from({ length: timeSteps * NUMBERS }, (_, at) => at + 1);
  const input = reader("source", {
    kind: "numbers",
    shape: SHAPE,
    over: "time",
    values: program.filled(denseOf(values, timeSteps, 7)),
  }, program.scope);
  const target: NumberSignal = {
    kind: "numbers",
    shape: SHAPE,
    over: "constant",
    values: program.scope.buffer(4 * NUMBERS, "copy"),
  };
  const output = writer("copied", target, program.scope);
  const quads = timeQuads(timeSteps);
  await program.scope.run("forward", {
    name: "test/copy",
    texts: [input.text, output.text, COPY],
    values: { numbers: NUMBERS, size: SIZE, quads },
    resources: { ...input.resources, ...output.resources },
    workgroups: workgroupsFor(NUMBERS * quads, 64),
  });
  program.run("forward");
  const got = new Float32Array(await gpu.read(target.values, 4 * NUMBERS));
  assertEquals([...got], values.slice(0, NUMBERS));
});

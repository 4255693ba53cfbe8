import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { Gpu, GpuError, GpuOutOfMemoryError, KernelError } from "../../mod.ts";
import {
  CommandList,
  type Dispatch,
  sequence,
  type StepBuffer,
  workgroupsFor,
} from "../../src/extend.ts";

/** Runs a dispatch for steps in one submit. */
function submit(gpu: Gpu, dispatch: Dispatch, steps: readonly number[]): void {
  const commands = new CommandList(gpu.device);
  for (const step of steps) dispatch.encode(commands, step);
  gpu.device.queue.submit([commands.end().finish()]);
}

/** WGSL that is wrong in its line 5, as a parser and as a type checker sees it. */
const WRONG: [what: string, statement: string][] = [
  ["syntax", "  let sum = ;"],
  ["a name", "  let sum = missing_name + 1u;"],
  ["a type", "  let sum: u32 = vec2(1.5, 2.5);"],
];
for (const [what, statement] of WRONG) {
  Deno.test(`a kernel wrong in ${what} is refused with its name and the line`, async () => {
    using gpu = await Gpu.request();
    const texts = ["// One text", "// and another.", `@compute @workgroup_size(1)\nfn main() {`];
    const { message } = await assertRejects(
      () => gpu.compile({ name: "test/wrong", texts: [...texts, statement, "}"], values: {} }),
      KernelError,
    );
    assertStringIncludes(message, 'Cannot compile kernel "test/wrong": ');
    assertStringIncludes(message, `\n  4 | fn main() {\n  5 | ${statement}`);
  });
}

Deno.test("an override without a value is named", async () => {
  using gpu = await Gpu.request();
  const text = `
    override lanes: u32;
    override time_constant: f32;
    @compute @workgroup_size(lanes) fn main() { }`.replaceAll(/^ +/gm, "");
  const error = await assertRejects(
    () => gpu.compile({ name: "test/override", texts: [text], values: { lanes: 1 } }),
    KernelError,
  );
  assertEquals(
    error.message,
    'Cannot compile kernel "test/override" as it has no value for "time_constant"',
  );
});

Deno.test("a missing binding is named", async () => {
  using gpu = await Gpu.request();
  const text = `
    @group(0) @binding(0) var<storage, read> potentials: array<f32>;
    @group(0) @binding(1) var<storage, read_write> spikes: array<f32>;
    @compute @workgroup_size(1) fn main() { spikes[0] = potentials[0]; }`;
  const kernel = await gpu.compile({ name: "test/binding", texts: [text], values: {} });
  const potentials = gpu.createBuffer(16, "potentials");
  const error = await assertRejects(() => kernel.bind({ potentials }, [1]), KernelError);
  assertEquals(error.message, 'Cannot bind kernel "test/binding" as "spikes" is missing');
});

Deno.test("a kernel without the entry point main is refused with its name", async () => {
  using gpu = await Gpu.request();
  const text = "@compute @workgroup_size(1) fn other() { }";
  const kernel = await gpu.compile({ name: "test/entry", texts: [text], values: {} });
  const { message } = await assertRejects(() => kernel.bind({}, [1]), KernelError);
  assertStringIncludes(message, 'Cannot compile kernel "test/entry": ');
});

/** Writes a row of `width` scaled numbers and how many numbers its window has. */
const SCALE = [
  "struct Step { row: u32, shift: f32 }",
  "override scale_factor: f32;",
  "@group(0) @binding(0) var<uniform> step: Step;",
  "@group(0) @binding(1) var<storage, read> inputs: array<f32>;",
  "@group(0) @binding(2) var<storage, read_write> results: array<f32>;",
  "@compute @workgroup_size(1) fn main() {",
  "  let start = ${width + 1}u * step.row;",
  "#for i in 0..width",
  "  results[start + ${i}u] = scale_factor * inputs[${i}] + step.shift;",
  "#end",
  "  results[start + ${width}u] = f32(arrayLength(&inputs));",
  "}",
];

Deno.test("a kernel sees the windows of its step", async () => {
  using gpu = await Gpu.request();
  const kernel = await gpu.compile({
    name: "test/scale",
    texts: SCALE,
    values: { width: 3, scaleFactor: 2.5 },
  });
  const step = { buffer: gpu.createBuffer(3 * 256, "steps"), stride: 256, size: 16 };
  const inputs = { buffer: gpu.createBuffer(3 * 512, "inputs"), stride: 512, size: 32 };
  const results = gpu.createBuffer(3 * 16, "results");
  const shifts = [10, 20, 30];
  const rows = [[1, 2, 3], [-1, 0, 0.5], [100, 200, 300]];
  for (let i = 0; i < 3; i++) {
    gpu.write(step.buffer, Uint32Array.of(i), i * 256);
    gpu.write(step.buffer, Float32Array.of(shifts[i]!), i * 256 + 4);
    gpu.write(inputs.buffer, Float32Array.from(rows[i]!), i * 512);
  }
  const dispatch = await kernel.bind({ step, inputs, results }, [1]);
  assertEquals(dispatch.name, "test/scale");
  submit(gpu, dispatch, [2, 0]);
  assertEquals(
    new Float32Array(await gpu.read(results)),
    Float32Array.of(12.5, 15, 17.5, 8, 0, 0, 0, 0, 280, 530, 780, 8),
  );
  submit(gpu, dispatch, [1]);
  assertEquals(
    new Float32Array(await gpu.read(results)),
    Float32Array.of(12.5, 15, 17.5, 8, 17.5, 20, 21.25, 8, 280, 530, 780, 8),
  );
});

Deno.test("one kernel can be bound to step buffers and to whole buffers", async () => {
  using gpu = await Gpu.request();
  const text = `
    @group(0) @binding(0) var<storage, read> inputs: array<u32>;
    @group(0) @binding(1) var<storage, read_write> results: array<u32>;
    @compute @workgroup_size(1) fn main() { results[0] = inputs[0] + arrayLength(&inputs); }`;
  const kernel = await gpu.compile({ name: "test/both", texts: [text], values: {} });
  const buffer = gpu.createBuffer(2 * 256, "inputs");
  gpu.write(buffer, Uint32Array.of(1000), 0);
  gpu.write(buffer, Uint32Array.of(2000), 256);
  const results = gpu.createBuffer(16, "results");
  const run = async (inputs: GPUBuffer | StepBuffer) => {
    const dispatch = await kernel.bind({ inputs, results }, [1]);
    submit(gpu, dispatch, [1]);
    return new Uint32Array(await gpu.read(results, 4))[0];
  };
  assertEquals(await run({ buffer, stride: 256, size: 16 }), 2004);
  assertEquals(await run(buffer), 1128);
  assertEquals(await run({ buffer, stride: 256, size: 32 }), 2008);
});

Deno.test("createBuffer() makes zeros, rounded up to 16 bytes", async () => {
  using gpu = await Gpu.request();
  for (const [bytes, size] of [[0, 16], [1, 16], [16, 16], [17, 32]] as const) {
    const buffer = gpu.createBuffer(bytes, "zeros");
    assertEquals(new Uint8Array(await gpu.read(buffer)), new Uint8Array(size));
  }
});

Deno.test("a buffer beyond the limit is refused with its name and both sizes", async () => {
  using gpu = await Gpu.request();
  const { maxBufferSize, maxStorageBufferBindingSize } = gpu.device.limits;
  const allowed = Math.min(maxBufferSize, maxStorageBufferBindingSize);
  const needed = 16 * (Math.floor(allowed / 16) + 1);
  const { message } = assertThrows(
    () => gpu.createBuffer(needed, "potentials"),
    GpuOutOfMemoryError,
  );
  assertEquals(
    message,
    `Cannot create the buffer "potentials" as ${gpu.name} holds at most ${allowed} bytes in one: ` +
      `it needs ${needed}`,
  );
  gpu.check();
});

Deno.test("workgroupsFor() has a lane for each item within the limit of a dimension", () => {
  assertEquals(workgroupsFor(1, 64), [1, 1]);
  assertEquals(workgroupsFor(64, 64), [1, 1]);
  assertEquals(workgroupsFor(65, 64), [2, 1]);
  assertEquals(workgroupsFor(65535 * 64, 64), [65535, 1]);
  for (const items of [65535 * 64 + 1, 1e7, 1e9, 2 ** 31]) {
    const [x, y] = workgroupsFor(items, 64);
    assert(x <= 65535 && y <= 65535 && x * y * 64 >= items, `${items}: ${x} x ${y}`);
  }
});

Deno.test("a kernel that is refused leaves later errors of the device to be reported", async () => {
  using gpu = await Gpu.request();
  const text = "override lanes: u32;\n@compute @workgroup_size(lanes) fn main() { }";
  const source = { name: "test/override", texts: [text], values: {} };
  await assertRejects(() => gpu.compile(source), KernelError);
  gpu.device.createBuffer({ size: 16, usage: 0x10000 });
  const buffer = gpu.createBuffer(16, "any");
  await assertRejects(() => gpu.read(buffer), GpuError);
});

Deno.test("step buffers may be declared in any order", async () => {
  using gpu = await Gpu.request();
  const text = `
    @group(0) @binding(2) var<storage, read> wide: array<u32>;
    @group(0) @binding(0) var<storage, read> narrow: array<u32>;
    @group(0) @binding(1) var<storage, read_write> results: array<u32>;
    @compute @workgroup_size(1) fn main() { results[0] = narrow[0] + wide[0]; }`;
  const kernel = await gpu.compile({ name: "test/order", texts: [text], values: {} });
  const narrow = { buffer: gpu.createBuffer(3 * 256, "narrow"), stride: 256, size: 16 };
  const wide = { buffer: gpu.createBuffer(3 * 512, "wide"), stride: 512, size: 16 };
  gpu.write(narrow.buffer, Uint32Array.of(3), 2 * 256);
  gpu.write(wide.buffer, Uint32Array.of(40), 2 * 512);
  const results = gpu.createBuffer(16, "results");
  const dispatch = await kernel.bind({ narrow, wide, results }, [1]);
  const commands = new CommandList(gpu.device);
  dispatch.encode(commands, 2);
  gpu.device.queue.submit([commands.end().finish()]);
  assertEquals(new Uint32Array(await gpu.read(results, 4)), Uint32Array.of(43));
});

Deno.test("a step buffer can't be written by a kernel", async () => {
  using gpu = await Gpu.request();
  const text = `
    @group(0) @binding(0) var<storage, read_write> results: array<u32>;
    @compute @workgroup_size(1) fn main() { results[0] = 7u; }`;
  const kernel = await gpu.compile({ name: "test/write", texts: [text], values: {} });
  const results = { buffer: gpu.createBuffer(2 * 256, "results"), stride: 256, size: 16 };
  await assertRejects(() => kernel.bind({ results }, [1]), KernelError, "read only");
});

Deno.test("the same source gives the same kernel, another value another", async () => {
  using gpu = await Gpu.request();
  using other = await Gpu.request();
  const source = (width: number) => ({
    name: "test/scale",
    texts: SCALE,
    values: { width, scaleFactor: 2.5 },
  });
  const kernel = await gpu.compile(source(3));
  assert(await gpu.compile(source(3)) === kernel);
  assert(await gpu.compile(source(4)) !== kernel);
  assert(await gpu.compile({ ...source(3), name: "test/other" }) !== kernel);
  assert(await other.compile(source(3)) !== kernel);
});

Deno.test("a kernel that two ask for at the same time is compiled once, and fails for both", async () => {
  using gpu = await Gpu.request();
  const source = { name: "test/scale", texts: SCALE, values: { width: 3, scaleFactor: 2.5 } };
  const [one, two] = await Promise.all([gpu.compile(source), gpu.compile(source)]);
  assert(one === two);
  const wrong = { name: "test/wrong", texts: ["fn main() { none(); }"], values: {} };
  const asked = [gpu.compile(wrong), gpu.compile(wrong)];
  for (const kernel of asked) await assertRejects(() => kernel, KernelError, "none");
  await assertRejects(() => gpu.compile(wrong), KernelError, "none");
});

Deno.test("a buffer is copied into a texture again only once a kernel has changed it", async () => {
  using gpu = await Gpu.request();
  const compile = (name: string, ...texts: string[]) =>
    gpu.compile({ name, texts, values: { textureReads: true } });
  const read = await compile(
    "test/read",
    "#reads source: vec4<f32>;",
    "#binding var<storage, read_write> results: array<f32>;",
    "@compute @workgroup_size(1) fn main() { results[0] = 10.0 * results[0] + source_at(1u).x; }",
  );
  const change = await compile(
    "test/change",
    "#binding var<storage, read_write> source: array<vec4<f32>>;",
    "@compute @workgroup_size(1) fn main() { source[1] += vec4<f32>(1.0); }",
  );
  const source = gpu.createBuffer(32, "source");
  const results = gpu.createBuffer(16, "results");
  const reads = await read.bind({ source, results }, [1]);
  const changes = await change.bind({ source }, [1]);
  let copies = 0;
  const { createCommandEncoder } = gpu.device;
  gpu.device.createCommandEncoder = (descriptor) => {
    const encoder = createCommandEncoder.call(gpu.device, descriptor);
    const { copyBufferToTexture } = encoder;
    encoder.copyBufferToTexture = (...given) => {
      copies++;
      copyBufferToTexture.apply(encoder, given);
    };
    return encoder;
  };
  const commands = new CommandList(gpu.device);
  for (const dispatch of [changes, reads, reads, changes, reads, reads]) {
    dispatch.encode(commands, 0);
  }
  gpu.device.queue.submit([commands.end().finish()]);
  assertEquals(new Float32Array(await gpu.read(results, 4)), Float32Array.of(1122));
  assertEquals(copies, 2);
});

Deno.test("overrides of one line all get their values", async () => {
  using gpu = await Gpu.request();
  const text = `
    override first: u32; override second: u32; @id(3) override third: u32;
    #binding var<storage, read_write> results: array<u32>;
    @compute @workgroup_size(1) fn main() { results[0] = 100u * first + 10u * second + third; }`;
  const values = { first: 1, second: 2, third: 3 };
  const kernel = await gpu.compile({ name: "test/line", texts: [text], values });
  const results = gpu.createBuffer(16, "results");
  gpu.submit([await kernel.bind({ results }, [1])]);
  assertEquals(new Uint32Array(await gpu.read(results, 4)), Uint32Array.of(123));
  const { message } = await assertRejects(
    () => gpu.compile({ name: "test/line", texts: [text], values: { first: 1, third: 3 } }),
    KernelError,
  );
  assertStringIncludes(message, 'has no value for "second"');
});

Deno.test("a kernel includes the texts that it is given, and no others", async () => {
  using gpu = await Gpu.request();
  const texts = [
    "#include mine/seven",
    "#binding var<storage, read_write> results: array<u32>;",
    "@compute @workgroup_size(1) fn main() { results[0] = seven(); }",
  ];
  const source = (body: string) => ({
    name: "test/include",
    texts,
    values: {},
    includes: { "mine/seven": `fn seven() -> u32 { return ${body}; }` },
  });
  const kernel = await gpu.compile(source("7u"));
  assert(await gpu.compile(source("7u")) === kernel);
  assert(await gpu.compile(source("8u")) !== kernel);
  const results = gpu.createBuffer(16, "results");
  gpu.submit([await kernel.bind({ results }, [1])]);
  assertEquals(new Uint32Array(await gpu.read(results, 4)), Uint32Array.of(7));
  const { message } = await assertRejects(
    () => gpu.compile({ name: "test/include", texts, values: {} }),
    KernelError,
  );
  assertEquals(
    message,
    'Cannot compile kernel "test/include": Cannot expand the kernel template as there is no ' +
      '"mine/seven" to include: there are none',
  );
});

Deno.test("a declaration that can't be bound is refused with the kernel's name", async () => {
  using gpu = await Gpu.request();
  const text = "@group(0) @binding(0) var a: sampler;\n@compute @workgroup_size(1) fn main() {}";
  const { message } = await assertRejects(
    () => gpu.compile({ name: "test/sampler", texts: [text], values: {} }),
    KernelError,
  );
  assertStringIncludes(message, 'Cannot compile kernel "test/sampler": Cannot bind "a" as it must');
});

Deno.test("a texture that no directive reads takes no buffer", async () => {
  using gpu = await Gpu.request();
  const kernel = await gpu.compile({
    name: "test/texture",
    texts: [
      "#binding var source: texture_2d<u32>;",
      "#binding var<storage, read_write> results: array<u32>;",
      "@compute @workgroup_size(1) fn main() {",
      "  results[0] = textureLoad(source, vec2<u32>(0u), 0).x;",
      "}",
    ],
    values: {},
  });
  const results = gpu.createBuffer(16, "results");
  const source = gpu.createBuffer(16, "source");
  const error = await assertRejects(() => kernel.bind({ source, results }, [1]), KernelError);
  assertEquals(
    error.message,
    'Cannot bind kernel "test/texture" as "source" must be a texture: it is a buffer',
  );
});

/** Adds 1 to what the copy holds, and writes it over the original. */
const UPDATE = [
  "struct Range { first: u32 }",
  "#binding var<uniform> range: Range;",
  "#updates numbers: vec4<f32>;",
  "@compute @workgroup_size(1) fn main() {",
  "#if texture_reads",
  "  numbers[range.first] = numbers_at(0u) + vec4<f32>(1.0);",
  "#else",
  "  numbers[range.first] = numbers_at(range.first) + vec4<f32>(1.0);",
  "#end",
  "}",
];
for (const textureReads of [false, true]) {
  const how = textureReads ? "copies" : "reads";
  Deno.test(`parts of buffers are bound, and a kernel that ${how} them runs in a sequence`, async () => {
    using gpu = await Gpu.request();
    const kernel = await gpu.compile({
      name: "test/update",
      texts: UPDATE,
      values: { textureReads },
    });
    const numbers = gpu.createBuffer(64, "numbers");
    gpu.write(numbers, Float32Array.from({ length: 16 }, (_, i) => i));
    const ranges = gpu.createBuffer(4 * 256, "ranges");
    const dispatches = [];
    for (const [i, first] of [3, 1, 3].entries()) {
      gpu.write(ranges, Uint32Array.of(first), i * 256);
      dispatches.push(
        await kernel.bind({
          range: { buffer: ranges, offset: i * 256, size: 16 },
          numbers,
          numbers_copy: { buffer: numbers, offset: 16 * first, size: 16 },
        }, [1]),
      );
    }
    const all = sequence("test/updates", dispatches);
    assertEquals(all.name, "test/updates");
    gpu.submit([all]);
    assertEquals(
      new Float32Array(await gpu.read(numbers)),
      Float32Array.of(0, 1, 2, 3, 5, 6, 7, 8, 8, 9, 10, 11, 14, 15, 16, 17),
    );
  });
}

Deno.test("a Gpu says whether it computes on the processor, whatever its preset", async () => {
  using gpu = await Gpu.request();
  using cut = await Gpu.request({ preset: "gpu" });
  assertEquals(gpu.isSoftware, gpu.preset.name === "software");
  assertEquals(cut.isSoftware, gpu.isSoftware);
  assertEquals(cut.preset.name, "gpu");
});

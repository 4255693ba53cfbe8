import { assert } from "@std/assert";
import { type Gpu, type Surrogate, surrogates } from "../../mod.ts";
import { CommandList } from "../../src/extend.ts";
import { assertClose } from "../support/close.ts";
import { cases, tolerance } from "./goldens.ts";
import { sharedGpu } from "../support/gpu.ts";

/** Evaluates a surrogate for each x: its gradient, its primitive. */
const EVALUATE = `
#binding var<storage, read> points: array<f32>;
#binding var<storage, read_write> results: array<vec2<f32>>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x >= arrayLength(&points)) { return; }
  let x = points[id.x];
#if has_primitive
  results[id.x] = vec2<f32>(surrogate_gradient(x), surrogate_primitive(x));
#else
  results[id.x] = vec2<f32>(surrogate_gradient(x), 0.0);
#end
}
`;

/** Points that the golden numbers leave out: far from the threshold, and next to it. */
const MORE = [1e-30, 1e-6, 1e-3, 3, 7, 30, 100, 1e3, 1e4].flatMap((x) => [x, -x]);

interface Results {
  gradient: number[];
  primitive: number[];
}

async function evaluate(gpu: Gpu, surrogate: Surrogate, x: number[]): Promise<Results> {
  const points = gpu.createBuffer(4 * x.length, "points");
  const results = gpu.createBuffer(2 * points.size, "results");
  gpu.write(points, Float32Array.from(x));
  const kernel = await gpu.compile({
    name: surrogate.name,
    texts: [surrogate.wgsl, EVALUATE],
    values: { ...surrogate.parameters, hasPrimitive: surrogate.primitive !== undefined },
  });
  const dispatch = await kernel.bind({ points, results }, [1]);
  const commands = new CommandList(gpu.device);
  dispatch.encode(commands, 0);
  gpu.device.queue.submit([commands.end().finish()]);
  const all = new Float32Array(await gpu.read(results));
  return {
    gradient: x.map((_, i) => all[2 * i]!),
    primitive: x.map((_, i) => all[2 * i + 1]!),
  };
}

Deno.test("the kernels give the golden numbers, and those of TypeScript elsewhere", async (t) => {
  const gpu = await sharedGpu();
  for (const { title, surrogate, x, gradient, primitive } of cases) {
    await t.step(title, async () => {
      const golden = await evaluate(gpu, surrogate, x);
      assertClose(golden.gradient, gradient, tolerance.float32);
      if (primitive) assertClose(golden.primitive, primitive, tolerance.float32);
    });
  }
});

Deno.test("the kernels stay finite far from the threshold, and equal TypeScript", async (t) => {
  const gpu = await sharedGpu();
  for (const make of Object.values(surrogates) as (() => Surrogate)[]) {
    const surrogate = make();
    await t.step(surrogate.name, async () => {
      const got = await evaluate(gpu, surrogate, MORE);
      assert([...got.gradient, ...got.primitive].every(Number.isFinite));
      // Far away, the phase of a wave is lost in rounding.
      if (surrogate.name === "squarewaveFourierSeries") return;
      assertClose(got.gradient, MORE.map(surrogate.gradient), tolerance.float32);
      const want = MORE.map(surrogate.primitive ?? (() => 0));
      assertClose(got.primitive, want, tolerance.float32);
    });
  }
});

// A layer of one's own: a learned gain for each feature, output[t] = gain input[t].
import {
  Adam,
  Flatten,
  Gpu,
  LifNode,
  Linear,
  Model,
  PoissonEncoder,
  rateMse,
  Sequential,
  Trainer,
} from "@galvani/snn";
import { imageDataset } from "@galvani/snn/datasets";
import {
  denseBytes,
  type Layer,
  numbers,
  type NumberSignal,
  reader,
  type Scope,
  type Shape,
  type Signal,
  sizeOf,
  stored,
  timeQuads,
  workgroupsFor,
  writer,
} from "@galvani/snn/extend";

const FORWARD = `
#binding var<storage, read> gain: array<f32>;
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let n = id.x / \${quads}u;
  if (n >= \${batch * size}u) { return; }
  let at = vec3<u32>(n / \${size}u, n % \${size}u, id.x % \${quads}u);  // sample, place, quad of time steps
  store_y(at.x, at.y, at.z, x_quad(at.x, at.y, at.z) * gain[at.y]);
}`;
const BACKWARD = `
#binding var<storage, read> gain: array<f32>;
#binding var<storage, read_write> gradient: array<f32>;
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x >= \${size}u) { return; }
  var sum = 0.0;
  for (var sample = 0u; sample < \${batch}u; sample++) {
    for (var quad = 0u; quad < \${quads}u; quad++) {
      let g = g_quad(sample, id.x, quad);
      sum += dot(g, x_quad(sample, id.x, quad));
      store_gx(sample, id.x, quad, g * gain[id.x]);
    }
  }
  gradient[id.x] = sum;
}`;

class Gain implements Layer {
  readonly kind = "Gain";
  outputShape = (input: Shape) => input;
  toJSON = () => ({ kind: this.kind });
  declare(declarations: Parameters<NonNullable<Layer["declare"]>>[0], input: Shape) {
    declarations.parameter("gain", {
      shape: [sizeOf(input)],
      init: () => new Float32Array(sizeOf(input)).fill(1),
    });
  }
  async compile(scope: Scope, signal: Signal) {
    const x = await numbers(scope, await stored(scope, signal));
    const { batchSize: batch, timeSteps } = scope;
    const [size, quads] = [sizeOf(x.shape), timeQuads(timeSteps)];
    const overTime = (label: string): NumberSignal => ({
      kind: "numbers",
      shape: x.shape,
      over: "time",
      values: scope.buffer(denseBytes(timeSteps, batch * size), label),
    });
    const { values: gain, gradient } = scope.parameter("gain");
    const run = (
      phase: "forward" | "backward",
      text: string,
      parts: ReturnType<typeof reader>[],
      items: number,
    ) =>
      scope.run(phase, {
        name: `gain/${phase}`,
        texts: [...parts.map((part) => part.text), text],
        values: { batch, size, quads },
        resources: Object.assign({ gain, gradient }, ...parts.map((part) => part.resources)),
        workgroups: workgroupsFor(items, 64),
      });
    const output = overTime("gained");
    await run(
      "forward",
      FORWARD,
      [reader("x", x, scope), writer("y", output, scope)],
      batch * size * quads,
    );
    return {
      output,
      backward: async ({ values }: { values?: { buffer: GPUBuffer } }) => {
        const [g, gx] = [{ ...output, values: values!.buffer }, overTime("gain's input gradient")];
        await run("backward", BACKWARD, [
          reader("x", x, scope),
          reader("g", g, scope),
          writer("gx", gx, scope),
        ], size);
        return { values: { over: "time" as const, buffer: gx.values } };
      },
    };
  }
}

using gpu = await Gpu.request();
const data = imageDataset(
  Uint8Array.from({ length: 64 * 16 }, (_, i) => (i >> 4) % 2 === (i % 16 < 8 ? 0 : 1) ? 200 : 20),
  {
    shape: [16],
    labels: Array.from({ length: 64 }, (_, i) => i % 2),
  },
);
const network = new Sequential([
  new Flatten(),
  new Linear(16, 8),
  new Gain(),
  new LifNode(),
  new Linear(8, 2),
  new LifNode(),
]);
using model = await Model.compile(gpu, network, {
  input: data.shape,
  encoder: new PoissonEncoder(),
  timeSteps: 16,
});
using trainer = new Trainer(model, {
  loss: rateMse(),
  optimizer: new Adam({ learningRate: 1e-2 }),
  batchSize: 16,
});
for await (const { epoch, trainLoss } of trainer.fit(data, { epochs: 10 })) {
  console.log(epoch, trainLoss);
}
console.log((await model.parameters()).get("layer.2.gain"));

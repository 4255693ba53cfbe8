import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  type Compilation,
  type CompiledLayer,
  crossEntropy,
  Gpu,
  type Layer,
  LifNode,
  Linear,
  type Loss,
  potentialMse,
  Random,
  rateMse,
  Sequential,
  Sgd,
  type SignalGradient,
} from "../../mod.ts";
import { Plan } from "../../src/network/plan.ts";
import { assertClose } from "../support/close.ts";
import { InjectedEncoder } from "../support/injected_encoder.ts";
import { readGradient } from "../support/plan_reader.ts";

/** A last layer whose output a test writes itself: values that are the same at each time step. */
class InjectedValues implements Layer {
  readonly kind = "InjectedValues";
  values: GPUBuffer | undefined;
  gradient: SignalGradient | undefined;

  outputFeatures(): number {
    return 3;
  }

  compile(compilation: Compilation): Promise<CompiledLayer> {
    const values = compilation.buffer(compilation.batchSize * 3 * 4, "values");
    this.values = values;
    return Promise.resolve({
      output: { kind: "constant", features: 3, values },
      backward: (gradient) => {
        this.gradient = gradient;
        return Promise.resolve(undefined);
      },
    });
  }
}

Deno.test("a network can end in values that are the same at each time step", async () => {
  using gpu = await Gpu.request();
  const layer = new InjectedValues();
  const encoder = new InjectedEncoder();
  const optimizer = new Sgd();
  using plan = await Plan.compile(gpu, {
    network: new Sequential([layer]),
    encoder,
    loss: crossEntropy(),
    optimizer,
    timeSteps: 5,
    batchSize: 2,
    features: 4,
  });
  gpu.write(layer.values!, Float32Array.of(0, Math.log(2), 0, 0, 0, Math.log(2)));
  const [metrics] = await plan.run([{
    key: 0,
    optimizer: optimizer.stepValues(1, 0.1),
    ...encoder.batch([1, 0]),
  }]);
  assertClose([metrics!.loss], [Math.log(2) + Math.log(4)], { rtol: 1e-6, atol: 0 });
  assertEquals(metrics!.correct, 1);
  assertEquals(layer.gradient!.kind, "total");
  const gradient = new Float32Array(await gpu.read(layer.gradient!.values, 24));
  const want = [1 / 8, -1 / 4, 1 / 8, -3 / 8, 1 / 8, 1 / 4];
  assertClose(gradient, want, { rtol: 1e-6, atol: 1e-7 });

  const message =
    "Cannot read the spikes of a network that doesn't end in neurons: it ends in constant";
  await assertRejects(() => plan.counts(), TypeError, message);
  assertThrows(() => plan.output, TypeError, message);
});

Deno.test("a network can't end in a current", async () => {
  using gpu = await Gpu.request();
  const compile = () =>
    Plan.compile(gpu, {
      network: new Sequential([new Linear(4, 3)]),
      encoder: new InjectedEncoder(),
      loss: rateMse(),
      optimizer: new Sgd(),
      timeSteps: 5,
      batchSize: 2,
      features: 4,
    });
  await assertRejects(compile, TypeError, "Cannot compile a network that ends in dense: end it in");
});

Deno.test("the gradient of potentialMse reaches the weights", async () => {
  using gpu = await Gpu.request();
  const shape = { timeSteps: 7, batchSize: 3, features: 4 };
  const random = new Random(2);
  const encoder = new InjectedEncoder();
  const optimizer = new Sgd();
  using plan = await Plan.compile(gpu, {
    ...shape,
    network: new Sequential([
      new Linear(4, 2, { bias: false }),
      // Without spikes, and with the reset detached, the potential is linear in the weights.
      new LifNode({ vThreshold: 1e3, detachReset: true, storeV: true }),
    ]),
    encoder,
    loss: potentialMse({ correct: 0.75, wrong: -0.25 }),
    optimizer,
  });
  encoder.write(Uint8Array.from({ length: 7 * 3 * 4 }, () => random.below(2)));
  const weights = Float32Array.from({ length: 8 }, () => random.uniform(-1, 1));
  const parameter = plan.parameters[0]!;
  const lossOf = async (values: Float32Array<ArrayBuffer>) => {
    gpu.write(parameter.values, values);
    const [metrics] = await plan.run([{
      key: 0,
      optimizer: optimizer.stepValues(1, 1e-6),
      ...encoder.batch([1, 0, 0]),
    }]);
    return metrics!.loss / 3;
  };
  await lossOf(weights);
  const gradient = await readGradient(plan, parameter);
  const differences: number[] = [];
  for (let i = 0; i < 8; i++) {
    // The loss is quadratic in a weight, so the step may be large.
    const step = 0.5;
    const above = await lossOf(weights.with(i, weights[i]! + step));
    differences.push((above - await lossOf(weights.with(i, weights[i]! - step))) / (2 * step));
  }
  assertClose(gradient, differences, { rtol: 1e-4, atol: 1e-6 });
});

Deno.test("rateMse with targets gives the same in one kernel a step and in one a layer", async () => {
  using gpu = await Gpu.request();
  const shape = { timeSteps: 9, batchSize: 6, features: 8 };
  const random = new Random(1);
  const spikes = Uint8Array.from({ length: 9 * 6 * 8 }, () => random.below(2));
  const weights = Float32Array.from({ length: 8 * 4 }, () => random.uniform(-0.5, 1));
  const run = async (loss: Loss) => {
    const encoder = new InjectedEncoder();
    const optimizer = new Sgd();
    using plan = await Plan.compile(gpu, {
      ...shape,
      network: new Sequential([new Linear(8, 4, { bias: false }), new LifNode()]),
      encoder,
      loss,
      optimizer,
    });
    gpu.write(plan.parameters[0]!.values, weights);
    encoder.write(spikes);
    const [metrics] = await plan.run([{
      key: 0,
      optimizer: optimizer.stepValues(1, 0.1),
      ...encoder.batch([0, 1, 2, 3, 0]),
    }]);
    return { metrics: metrics!, gradient: await readGradient(plan, plan.parameters[0]!) };
  };
  const { neuronLoss: _, ...unfused } = rateMse({ correctRate: 0.75, wrongRate: 0.25 });
  const fused = await run(rateMse({ correctRate: 0.75, wrongRate: 0.25 }));
  const separate = await run(unfused);
  // A GPU may round once where it multiplies and adds, in one kernel and not in another.
  assertClose([fused.metrics.loss], [separate.metrics.loss], { rtol: 1e-6, atol: 0 });
  assertEquals({ ...fused.metrics, loss: 0 }, { ...separate.metrics, loss: 0 });
  assertClose(fused.gradient, separate.gradient, { rtol: 1e-5, atol: 1e-7 });
  const standard = await run(rateMse());
  assertEquals(standard.metrics.correct, fused.metrics.correct);
});

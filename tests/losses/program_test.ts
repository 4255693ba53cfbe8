import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  crossEntropy,
  EventEncoder,
  Flatten,
  imageDataset,
  LifNode,
  Linear,
  PoissonEncoder,
  potentialMse,
  rateMse,
  Sequential,
} from "../../mod.ts";
import {
  type CompiledLayer,
  type Gradient,
  type Layer,
  type Loss,
  Random,
  type Scope,
} from "../../src/extend.ts";
import { assertClose } from "../support/close.ts";
import { CompiledNetwork, spikeDataset } from "../support/compiled_network.ts";
import { sharedGpu } from "../support/gpu.ts";
import { readGradient } from "../support/program_reader.ts";

/** What all networks here read: events whose times are time steps. */
const EVENTS = { encoder: new EventEncoder(), content: "events" } as const;

/** A last layer whose output a test writes itself: values that are the same at each time step. */
class InjectedValues implements Layer {
  readonly kind = "InjectedValues";
  values: GPUBuffer | undefined;
  gradient: Gradient | undefined;

  outputShape(): number[] {
    return [3];
  }

  declare(...[declarations]: Parameters<NonNullable<Layer["declare"]>>): void {
    // Else nobody asks for the gradient.
    declarations.parameter("unused", { shape: [], init: () => new Float32Array(1) });
  }

  compile(scope: Scope): Promise<CompiledLayer> {
    scope.parameter("unused");
    const values = scope.buffer(scope.batchSize * 3 * 4, "values");
    this.values = values;
    return Promise.resolve({
      output: { kind: "numbers", shape: [3], over: "constant", values },
      backward: (gradient) => {
        this.gradient = gradient;
        return Promise.resolve(undefined);
      },
    });
  }

  toJSON(): { kind: string } {
    return { kind: this.kind };
  }
}

Deno.test("a network can end in values that are the same at each time step", async () => {
  const gpu = await sharedGpu();
  const layer = new InjectedValues();
  using network = await CompiledNetwork.compile(gpu, new Sequential([layer]), {
    ...EVENTS,
    input: [4],
    loss: crossEntropy(),
    timeSteps: 5,
    batchSize: 2,
  });
  gpu.write(layer.values!, Float32Array.of(0, Math.log(2), 0, 0, 0, Math.log(2)));
  const samples = { timeSteps: 5, features: 4, labels: [1, 0], classes: 3 };
  const metrics = await network.run(spikeDataset(new Uint8Array(5 * 2 * 4), samples));
  assertClose([metrics.loss], [Math.log(2) + Math.log(4)], { rtol: 1e-6, atol: 0 });
  assertEquals(metrics.correct, 1);
  const { over, buffer } = layer.gradient!.values!;
  assertEquals(over, "summed");
  const gradient = new Float32Array(await gpu.read(buffer, 24));
  const want = [1 / 8, -1 / 4, 1 / 8, -3 / 8, 1 / 8, 1 / 4];
  assertClose(gradient, want, { rtol: 1e-6, atol: 1e-7 });
});

Deno.test("a network can't end in events", async () => {
  const gpu = await sharedGpu();
  const compile = () =>
    CompiledNetwork.compile(gpu, new Sequential([new Flatten()]), {
      ...EVENTS,
      input: [4],
      loss: rateMse(),
      timeSteps: 5,
      batchSize: 2,
    });
  await assertRejects(
    compile,
    TypeError,
    "Cannot compile a network that ends in recordings: end it in neurons, or in numbers",
  );
});

Deno.test("the gradient of potentialMse reaches the weights", async () => {
  const gpu = await sharedGpu();
  const shape = { timeSteps: 7, batchSize: 3 };
  const random = new Random(2);
  const layers = [
    new Linear(4, 2, { bias: false }),
    // Without spikes, and with the reset detached, the potential is linear in the weights.
    new LifNode({ vThreshold: 1e3, detachReset: true, storeV: true }),
  ];
  using network = await CompiledNetwork.compile(gpu, new Sequential(layers), {
    ...EVENTS,
    ...shape,
    input: [4],
    loss: potentialMse({ correct: 0.75, wrong: -0.25 }),
  });
  const spikes = Uint8Array.from({ length: 7 * 3 * 4 }, () => random.below(2));
  const samples = spikeDataset(spikes, {
    timeSteps: 7,
    features: 4,
    labels: [1, 0, 0],
    classes: 2,
  });
  const weights = Float32Array.from({ length: 8 }, () => random.uniform(-1, 1));
  const parameter = network.parameters[0]![1];
  const lossOf = async (values: Float32Array<ArrayBuffer>) => {
    gpu.write(parameter.values, values);
    return (await network.run(samples)).loss / 3;
  };
  await lossOf(weights);
  const gradient = await readGradient(gpu, parameter);
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
  const gpu = await sharedGpu();
  const shape = { timeSteps: 9, batchSize: 6 };
  const random = new Random(1);
  const pictures = Uint8Array.from({ length: 5 * 8 }, () => random.below(256));
  const samples = imageDataset(pictures, { shape: [8], labels: [0, 1, 2, 3, 0], classes: 4 });
  const weights = Float32Array.from({ length: 8 * 4 }, () => random.uniform(-0.5, 1));
  const run = async (loss: Loss, oneKernel: boolean) => {
    const layers = [new Linear(8, 4, { bias: false }), new LifNode()];
    using network = await CompiledNetwork.compile(gpu, new Sequential(layers), {
      ...shape,
      encoder: new PoissonEncoder(),
      input: [8],
      loss,
    });
    assertEquals(network.program.chosen.get("layer.1") === "one kernel a step", oneKernel);
    const parameter = network.parameters[0]![1];
    gpu.write(parameter.values, weights);
    const metrics = await network.run(samples);
    return { metrics, gradient: await readGradient(gpu, parameter) };
  };
  const { neuronLoss: _, ...unfused } = rateMse({ correctRate: 0.75, wrongRate: 0.25 });
  const fused = await run(rateMse({ correctRate: 0.75, wrongRate: 0.25 }), true);
  const separate = await run(unfused, false);
  // A GPU may round once where it multiplies and adds, in one kernel and not in another.
  assertClose([fused.metrics.loss], [separate.metrics.loss], { rtol: 1e-6, atol: 0 });
  assertEquals({ ...fused.metrics, loss: 0 }, { ...separate.metrics, loss: 0 });
  assertClose(fused.gradient, separate.gradient, { rtol: 1e-5, atol: 1e-7 });
  assert(fused.gradient.some((g) => g !== 0));
  const standard = await run(rateMse(), true);
  assertEquals(standard.metrics.correct, fused.metrics.correct);
});

import { assertEquals } from "@std/assert";
import {
  Adam,
  BatchNorm2d,
  Conv2d,
  Dataset,
  DirectEncoder,
  Flatten,
  IfNode,
  Linear,
  MaxPool2d,
  rateMse,
  Sequential,
  Sgd,
} from "../../mod.ts";
import { type Layer, type Optimizer, sizeOf } from "../../src/extend.ts";
import { assertClose } from "../support/close.ts";
import { CompiledNetwork } from "../support/compiled_network.ts";
import { sharedGpu } from "../support/gpu.ts";
import { readGradient } from "../support/program_reader.ts";
import { readSafeTensors } from "../support/safetensors.ts";

/** Three steps of convolutional networks in SpikingJelly, float64: `tests/goldens/convolution/make.py`. */
const FOLDER = "tests/goldens/convolution";

// deno-lint-ignore no-explicit-any -- arguments of PyTorch's classes, by their names.
type LayerConfig = Record<string, any> & { readonly type: string };

interface Config {
  readonly layers: readonly LayerConfig[];
  readonly T: number;
  readonly B: number;
  readonly shape: readonly number[];
  readonly steps: number;
  readonly optimizer:
    | { name: "Adam"; lr: number; betas: [number, number]; eps: number }
    | { name: "SGD"; lr: number; momentum: number };
}

const MAKE: Record<string, (config: LayerConfig) => Layer> = {
  BatchNorm2d: ({ num_features }) => new BatchNorm2d(num_features),
  Conv2d: ({ in_channels, out_channels, kernel_size, padding, bias }) =>
    new Conv2d(in_channels, out_channels, { kernelSize: kernel_size, padding, bias }),
  Flatten: () => new Flatten(),
  IFNode: () => new IfNode(),
  Linear: ({ in_features, out_features, bias }) => new Linear(in_features, out_features, { bias }),
  MaxPool2d: ({ kernel_size }) => new MaxPool2d(kernel_size),
};

function optimizerOf(config: Config["optimizer"]): Optimizer {
  return config.name === "SGD"
    ? new Sgd({ learningRate: config.lr, momentum: config.momentum })
    : new Adam({ learningRate: config.lr, betas: config.betas, epsilon: config.eps });
}

async function follow(
  name: string,
  way: { preset?: "auto" | "gpu"; variants?: "auto" | "plain" } = {},
): Promise<void> {
  const golden = readSafeTensors(`${FOLDER}/${name}.safetensors`);
  const config: Config = JSON.parse(golden.metadata["config"]!);
  const tolerance = JSON.parse(golden.metadata["tolerance"]!);
  const { T, B, shape, steps } = config;
  const layers = config.layers.map((layer) => MAKE[layer.type]!(layer));
  const gpu = await sharedGpu({ preset: way.preset ?? "auto" });
  const optimizer = optimizerOf(config.optimizer);
  using network = await CompiledNetwork.compile(gpu, new Sequential(layers), {
    input: shape,
    encoder: new DirectEncoder(),
    content: "floats",
    loss: rateMse(),
    optimizer,
    timeSteps: T,
    batchSize: B,
    variants: way.variants ?? "auto",
  });
  const { program, core: { store } } = network;
  const tensors = store.blocks.flatMap(({ tensors }) => tensors);
  const short = (name: string) => name.slice("layer.".length);
  store.load(
    new Map(
      store.learned.flatMap(({ tensors }) =>
        tensors.map(({ name, spec }) => {
          const data = Float32Array.from(golden.get(`init.${short(name)}`));
          return [name, { shape: spec.shape, data }] as const;
        })
      ),
    ),
  );
  const classes = sizeOf(program.compiled.outputShape);
  const fired = program.neurons.map(({ shape }) => new Array<number>(sizeOf(shape)).fill(0));
  for (let step = 0; step < steps; step++) {
    const slice = (tensor: string, size: number) =>
      golden.get(tensor).slice(step * size, (step + 1) * size);
    const images = new Dataset({
      shape,
      classes,
      content: { kind: "floats", data: Float32Array.from(slice("images", B * sizeOf(shape))) },
      labels: Uint8Array.from(slice("labels", B)),
    });
    const metrics = await network.run(images, {
      observes: true,
      update: optimizer.stepValues(step + 1, optimizer.learningRate),
    });
    for (const [i, { path, shape, spikeSums }] of program.neurons.entries()) {
      const size = sizeOf(shape);
      slice(`counts.${short(path)}`, B * size).forEach((count, n) => fired[i]![n % size]! += count);
      const sums = new Uint32Array(await gpu.read(spikeSums)).subarray(0, size);
      assertEquals([...sums], fired[i], `spikes of ${path}, step ${step}`);
    }
    assertClose([metrics.loss / B], slice("loss", 1), tolerance.loss);
    const parameters = program.parameters;
    for (const block of store.blocks) {
      const values = new Float32Array(await gpu.read(block.values)).slice(0, block.size);
      for (const [name, { data }] of store.tensorsOf(block, values)) {
        const kept = block.learned ? "param" : "state";
        const want = slice(`${kept}.${short(name)}`, data.length);
        assertClose(data as Float32Array, want, tolerance[kept]);
      }
      if (!block.learned) continue;
      const sums = Float32Array.from(await readGradient(gpu, parameters.get(block)!));
      for (const [name, { data }] of store.tensorsOf(block, sums)) {
        const want = slice(`grad.${short(name)}`, data.length);
        assertClose(data as Float32Array, want, tolerance.grad);
      }
    }
  }
  assertEquals(tensors.length > 0, true);
}

for (const name of ["csnn-adam", "csnn-sgd", "csnn-norm-adam", "csnn-norm-sgd"]) {
  Deno.test(`training follows the golden run ${name}`, () => follow(name));
  Deno.test(`training follows the golden run ${name}, plain kernels`, () =>
    follow(name, { variants: "plain" }));
}
Deno.test("training follows the golden run csnn-norm-adam, kernels cut for a GPU", () =>
  follow("csnn-norm-adam", { preset: "gpu" }));

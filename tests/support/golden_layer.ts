import { assert, assertEquals } from "@std/assert";
import type { Gpu } from "../../mod.ts";
import { type Gradient, type Layer, type Signal, sizeOf } from "../../src/extend.ts";
import { assertClose } from "./close.ts";
import { denseOf, valuesOf } from "./dense.ts";
import { readGradient, readSpikes } from "./program_reader.ts";
import type { SafeTensors } from "./safetensors.ts";
import { spikeWords } from "./spike_words.ts";
import { TestProgram } from "./test_program.ts";

/** A layer alone, as `tests/goldens/convolution/make.py` writes it down. */
export interface GoldenCase {
  readonly name: string;
  // deno-lint-ignore no-explicit-any -- arguments of PyTorch's classes, by their names.
  readonly layer: Record<string, any> & { readonly type: string };
  readonly T: number;
  readonly B: number;
  readonly shape: readonly number[];
  readonly kind: "spikes" | "numbers";
  readonly over: "time" | "constant";
  /** Time steps of each sample, where they may be fewer than T. */
  readonly lengths?: readonly number[];
}

/** Compares a layer's output, gradients and running statistics with those of a file. */
export async function checkGoldenLayer(
  gpu: Gpu,
  file: SafeTensors,
  golden: GoldenCase,
  layer: Layer,
  variants: "auto" | "plain" = "auto",
): Promise<void> {
  const { name, T: timeSteps, B: batchSize, shape, kind, lengths } = golden;
  const get = (tensor: string) => file.get(`${name}.${tensor}`);
  const tolerance = JSON.parse(file.metadata["tolerance"]!);
  const close = (got: ArrayLike<number>, want: number[]) => assertClose(got, want, tolerance);
  using program = new TestProgram(gpu, {
    ...{ timeSteps, batchSize, layer, input: shape, variants },
    ...lengths && { lengths },
  });
  const { scope, store } = program;
  for (const block of store.blocks) {
    const tensors = block.tensors.map(({ name, spec: { shape } }) => {
      const data = Float32Array.from(get(name.slice("layer.".length)));
      return [name, { shape, data }] as const;
    });
    store.load(new Map(tensors));
  }
  const constant = golden.over === "constant";
  const numbers = batchSize * sizeOf(shape);
  const x = get("x");
  const input: Signal = kind === "spikes"
    ? {
      kind,
      shape,
      over: "time",
      spikes: program.filled(spikeWords(Float64Array.from(x), numbers)),
      counts: program.filled(
        Uint32Array.from(
          { length: numbers },
          (_, n) => x.filter((spike, i) => i % numbers === n && spike).length,
        ),
      ),
    }
    : {
      kind,
      shape,
      over: golden.over,
      values: program.filled(constant ? Float32Array.from(x) : denseOf(x, timeSteps, 7)),
    };
  const { output, backward } = await layer.compile(scope, input);
  const outputs = batchSize * sizeOf(output.shape);
  const gradient = get("grad_y");
  const summed = new Float32Array(outputs);
  gradient.forEach((value, i) => summed[i % outputs]! += value);
  const outer: Gradient = {
    values: output.over === "constant"
      ? { over: "summed", buffer: program.filled(summed) }
      : { over: "time", buffer: program.filled(denseOf(gradient, timeSteps, 0)) },
  };
  const back = (await backward(outer, true))!.values!;
  program.run(["forward", "backward"], { learns: true });
  const read = async (buffer: GPUBuffer, over: string, count: number) => {
    const data = new Float32Array(await gpu.read(buffer));
    return over === "time" ? valuesOf(data, timeSteps, count) : data.subarray(0, count);
  };
  const readOutput = async () => {
    if (output.kind === "numbers") return await read(output.values, output.over, outputs);
    assert(output.kind === "spikes");
    return Float32Array.from(await readSpikes(gpu, scope, output));
  };
  close(await readOutput(), get("y"));
  assertEquals(back.over, constant ? "summed" : "time");
  close(await read(back.buffer, back.over, numbers), get("grad_x"));
  for (const block of store.blocks) {
    const name = (tensor: string) => tensor.slice("layer.".length);
    if (!block.learned) {
      const values = new Float32Array(await gpu.read(block.values));
      close(values.subarray(0, block.size), get(`${name(block.tensors[0]!.name)}_after`));
      continue;
    }
    const sums = Float32Array.from(await readGradient(gpu, program.builder.parameters.get(block)!));
    for (const [tensor, { data }] of store.tensorsOf(block, sums)) {
      close(data as Float32Array, get(`grad_${name(tensor)}`));
    }
  }
  if (!golden.layer.type.includes("BatchNorm")) return;
  program.run("forward", { learns: false });
  close(await readOutput(), get("y_answer"));
}

import { assertEquals } from "@std/assert";
import {
  AdaptiveAvgPool2d,
  AvgPool1d,
  AvgPool2d,
  Gpu,
  MaxPool1d,
  MaxPool2d,
  type Size2d,
} from "../../mod.ts";
import { type Layer, sizeOf } from "../../src/extend.ts";
import { assertClose } from "../support/close.ts";
import { runLayer } from "../support/layer_run.ts";
import { readSafeTensors } from "../support/safetensors.ts";

/** Pools of PyTorch in float64: `tests/goldens/convolution/make.py` says what is in the file. */
const FOLDER = Deno.env.get("GALVANI_GOLDENS") ?? "tests/goldens";

interface PoolConfig {
  type: "MaxPool1d" | "MaxPool2d" | "AvgPool1d" | "AvgPool2d" | "AdaptiveAvgPool2d";
  kernel_size: Size2d;
  stride?: Size2d;
  padding?: Size2d;
  ceil_mode?: boolean;
  count_include_pad?: boolean;
  output_size: Size2d;
}

interface Case {
  name: string;
  layer: PoolConfig;
  T: number;
  B: number;
  shape: number[];
  kind: "spikes" | "numbers";
  over: "time" | "constant";
}

function layerOf(config: PoolConfig): Layer {
  if (config.type === "AdaptiveAvgPool2d") return new AdaptiveAvgPool2d(config.output_size);
  const names = {
    stride: config.stride,
    padding: config.padding,
    ceilMode: config.ceil_mode,
    countIncludePad: config.count_include_pad,
  };
  // What isn't in the file is the default of both.
  const given = Object.entries(names).filter(([, value]) => value !== undefined);
  // deno-lint-ignore no-explicit-any -- options of lines are numbers, of pictures pairs, too.
  const options: any = Object.fromEntries(given);
  const Class = { MaxPool1d, MaxPool2d, AvgPool1d, AvgPool2d }[config.type];
  return new Class(config.kernel_size as number, options);
}

const golden = readSafeTensors(`${FOLDER}/convolution/pool.safetensors`);
const cases: Case[] = JSON.parse(golden.metadata.cases!);
const tolerance = JSON.parse(golden.metadata.tolerance!);

for (const { name, layer: config, T, B, shape, kind, over } of cases) {
  Deno.test(`a pool equals PyTorch's: ${name}, ${config.type}`, async () => {
    using gpu = await Gpu.request();
    const layer = layerOf(config);
    const count = B * sizeOf(layer.outputShape(shape));
    const gradient = golden.get(`${name}.grad_y`);
    assertEquals(gradient.length, T * count);
    const summed = Array.from(
      { length: count },
      (_, n) => gradient.reduce((sum, g, at) => at % count === n ? sum + g : sum, 0),
    );
    const result = await runLayer(gpu, {
      layer,
      shape,
      timeSteps: T,
      batch: B,
      kind,
      over,
      x: golden.get(`${name}.x`),
      gradient: over === "time" ? { over, y: gradient } : { over: "summed", y: summed },
    });
    const spikes = kind === "spikes" && config.type.startsWith("Max");
    assertEquals(result.output.kind, spikes ? "spikes" : "numbers");
    assertEquals(result.output.over, over);
    assertClose(result.y, golden.get(`${name}.y`), spikes ? { rtol: 0, atol: 0 } : tolerance);
    assertClose(result.inputGradient, golden.get(`${name}.grad_x`), tolerance);
  });
}

import { sizeOf } from "../core/shape.ts";
import type { Tensor } from "../formats/tensor.ts";
import { Conv1d } from "../layers/conv/conv1d.ts";
import { Conv2d } from "../layers/conv/conv2d.ts";
import { Linear } from "../layers/linear/linear.ts";
import type { ReadLayer } from "./read_layers.ts";
import { perNeuron, type Reading } from "./reading.ts";

/**
 * The layer before a Scale, which its weights take over: exactly, as powers of two scale them without rounding.
 *
 * @param reading The Scale.
 * @param before The layer before it.
 * @returns The layer, scaled; undefined of a Scale by 1, which does nothing.
 * @throws {TypeError} If it isn't exact, or no layer with weights is before it.
 */
export function readScale(reading: Reading, before: ReadLayer | undefined): ReadLayer | undefined {
  const scale = perNeuron(reading, "scale");
  if (scale.every((factor) => factor === 1)) return undefined;
  const layer = before?.layer;
  const hasWeights = layer instanceof Linear || layer instanceof Conv1d || layer instanceof Conv2d;
  if (!before || !hasWeights) throw cannot(reading, "no weights before it could take that over");
  const channels = reading.shape[0]!;
  const places = sizeOf(reading.shape) / channels;
  const factors = Array.from({ length: channels }, (_, channel) => scale[channel * places]!);
  if (scale.some((factor, i) => factor !== factors[Math.floor(i / places)])) {
    throw cannot(reading, "weights before it are the same for all places of a channel");
  }
  if (!factors.every((factor) => Number.isInteger(Math.log2(Math.abs(factor))))) {
    throw cannot(reading, "weights would be rounded, as not all factors are powers of two");
  }
  const tensors = Object.entries(before.tensors).map(([name, { shape, data }]) => {
    const each = data.length / channels;
    const scaled = Float32Array.from(
      data as ArrayLike<number>,
      (value, i) => value * factors[Math.floor(i / each)]!,
    );
    // Too large or too small for float32.
    if (scaled.some((value, i) => value / factors[Math.floor(i / each)]! !== data[i])) {
      throw cannot(reading, "weights before it would leave the range of float32");
    }
    return [name, { shape, data: scaled } satisfies Tensor];
  });
  return { layer: before.layer, tensors: Object.fromEntries(tensors) };
}

const cannot = ({ fail }: Reading, why: string) =>
  fail(`scales what comes in, which no layer does, and ${why}`);

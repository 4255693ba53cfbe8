import { Dataset, DirectEncoder, Model } from "../../mod.ts";
import type { Gpu } from "../../mod.ts";
import type { Tensor } from "../../src/formats/mod.ts";
import type { FromNir } from "../../src/nir/mod.ts";

/** What is run. */
type Network = Pick<FromNir, "network" | "parameters" | "input">;

/**
 * Runs a network over given numbers.
 *
 * @param gpu Where.
 * @param network The network.
 * @param x What comes in: `[T, batch, ...input]`.
 * @returns What its last layer gives, spikes or numbers: `[T, batch, features]`.
 */
export async function runOver(
  gpu: Gpu,
  { network, parameters, input }: Network,
  x: Tensor,
): Promise<number[]> {
  const [timeSteps, batch] = x.shape as [number, number];
  const size = x.data.length / timeSteps / batch;
  using model = await Model.compile(gpu, network, {
    input,
    encoder: new DirectEncoder(),
    timeSteps,
    batchSize: batch,
  });
  model.load(parameters);
  const outputs: number[][] = [];
  for (let sample = 0; sample < batch; sample++) {
    const own = Array.from({ length: timeSteps }, (_, t) => {
      const start = (t * batch + sample) * size;
      return Array.from(x.data.subarray(start, start + size) as ArrayLike<number>, Number);
    });
    const { layers } = await model.record(
      new Dataset({
        shape: input,
        content: { kind: "floats", data: Float32Array.from(own.flat()), timeSteps },
      }),
    );
    const { spikes, values } = layers.at(-1)!;
    outputs.push(Array.from(spikes ?? values!));
  }
  const features = outputs[0]!.length / timeSteps;
  return Array.from(
    { length: timeSteps * batch * features },
    (_, i) => {
      const t = Math.floor(i / features / batch);
      return outputs[Math.floor(i / features) % batch]![t * features + i % features]!;
    },
  );
}

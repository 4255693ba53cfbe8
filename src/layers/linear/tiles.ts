import * as linear from "../../../kernels/linear/mod.ts";
import type { Variant } from "../../core/variant.ts";
import type { ByteSignal, NumberSignal } from "../../core/signal.ts";
import { featureTiles, sampleTiles } from "../../feeds/tiles.ts";
import { LOOP_ROUNDS } from "../../gpu/rounds.ts";
import { linearParameters, type LinearShape } from "./parameters.ts";

/** Quads of outputs that a lane computes at most: more don't fit its registers. */
const MOST_SLICE_QUADS = 5;
/** Workgroups in a dimension. */
const MOST_GROUPS = 65535;

/**
 * A Linear layer that reads the batch's bytes by tiles of some samples, and of some features for its
 * gradient: bytes of 0 cost nothing, and a weight is read once for all samples of a tile. The host makes
 * the tiles, which pays on software drivers only; on a GPU rows stay on the device instead. Worth 1.7x on
 * llvmpipe and 3.3x on SwiftShader for 784-800-10 (`bench/linear_bench.ts`).
 */
export const linearTiles: Variant<LinearShape> = {
  name: "tiles of bytes",
  fits: ({ inputs }, input, { gpu }) =>
    input.kind === "bytes" && gpu.preset.name === "software" && inputs / 2 <= LOOP_ROUNDS,
  async compile(layer, input, scope) {
    const { gpu, batchSize, mode } = scope;
    const { lanes } = gpu.preset;
    const { inputs, outputs, bias } = layer;
    const { parameter, values: shared } = linearParameters(scope, layer, 1);
    const current = scope.buffer(batchSize * outputs * 4, "current");
    const output: NumberSignal = {
      kind: "numbers",
      shape: [outputs],
      over: "constant",
      values: current,
    };
    const sliceQuads = sliceQuadsOf(Math.ceil(outputs / 4), lanes);
    const slices = Math.ceil(outputs / (4 * sliceQuads));
    const sliceGroups = Math.ceil(slices / lanes);
    const values = { ...shared, batch: batchSize, sliceQuads, slices, lanes };
    const { origin } = input as ByteSignal;
    const samples = await sampleTiles(scope, origin);
    await scope.run("forward", {
      name: "linear/forward_pixels",
      texts: [linear.forwardPixels],
      values: {
        ...values,
        tile: samples.size,
        textureReads: gpu.readsTextures(parameter.values.size),
      },
      resources: {
        tiles: samples.table,
        entries: samples.entries,
        parameters: parameter.values,
        current,
      },
      workgroups: [Math.ceil(batchSize / samples.size), sliceGroups],
    });
    if (mode !== "train") return { output, backward: () => Promise.resolve(undefined) };
    return {
      output,
      async backward(gradient) {
        const { table, entries, size, blocks } = await featureTiles(scope, origin);
        const { height, width, rows, columns, across, count } = blocks;
        const groups = count + Number(bias);
        await scope.run("backward", {
          name: "linear/gradient_pixels",
          texts: [linear.gradientPixels],
          values: {
            ...values,
            tile: size,
            features: inputs,
            height,
            width,
            blockRows: rows,
            blockColumns: columns,
            across,
            count,
            groups,
            gradientQuads: Math.ceil(batchSize * outputs / 4),
            textureReads: gpu.readsTextures(batchSize * outputs * 4),
          },
          resources: {
            tiles: table,
            entries,
            current_gradient: gradient.values!.buffer,
            gradient: parameter.gradient,
          },
          workgroups: [
            Math.min(groups, MOST_GROUPS),
            sliceGroups,
            Math.ceil(groups / MOST_GROUPS),
          ],
        });
        return undefined;
      },
    };
  },
};

/** How many quads of outputs a lane computes: a load of an entry costs as much as a quad, and serves all of them. */
function sliceQuadsOf(quads: number, lanes: number): number {
  let best = 1;
  let least = Infinity;
  for (let size = 1; size <= Math.min(MOST_SLICE_QUADS, quads); size++) {
    const cost = Math.ceil(quads / (size * lanes)) * (size + 1);
    if (cost <= least) {
      best = size;
      least = cost;
    }
  }
  return best;
}

import { linear } from "../../kernels/mod.ts";
import type { Compilation } from "../signal/compilation.ts";
import type { ConstantSignal, SignalGradient } from "../signal/signal.ts";
import type { CompiledLayer } from "./layer.ts";
import type { Linear } from "./linear.ts";
import { createLinearParameter } from "./linear_parameter.ts";

/** Quads of outputs that a lane computes at most: more don't fit its registers. */
const MOST_SLICE_QUADS = 5;
/** Workgroups in a dimension. */
const MOST_GROUPS = 65535;

/**
 * Adds a Linear layer that reads the images themselves to a plan.
 *
 * @param compilation The plan in the making.
 * @param layer The layer.
 * @returns A constant signal `[batch, outputs]`.
 */
export async function compilePixelLinear(
  compilation: Compilation,
  layer: Linear,
): Promise<CompiledLayer> {
  const { gpu, batchSize } = compilation;
  const { lanes } = gpu.preset;
  const { inputs, outputs, bias } = layer;
  const { parameter, values: shared } = createLinearParameter(compilation, layer, 1);
  const current = compilation.buffer(batchSize * outputs * 4, "current");
  const output: ConstantSignal = { kind: "constant", features: outputs, values: current };
  const sliceQuads = sliceQuadsOf(Math.ceil(outputs / 4), lanes);
  const slices = Math.ceil(outputs / (4 * sliceQuads));
  const sliceGroups = Math.ceil(slices / lanes);
  const values = {
    ...shared,
    batch: batchSize,
    sliceQuads,
    slices,
    lanes,
  };
  const { table: tiles, entries, size: tile } = compilation.tiles("samples");
  const forward = await gpu.compile({
    name: "linear/forward_pixels",
    texts: [linear.forwardPixels],
    // The copy would take longer than it saves.
    values: { ...values, tile, textureReads: false },
  });
  compilation.add(
    "forward",
    await forward.bind(
      { tiles, entries, parameters: parameter.values, current },
      [Math.ceil(batchSize / tile), sliceGroups],
    ),
  );
  return {
    output,
    parameter,
    async backward(gradient: SignalGradient) {
      if (gradient.kind !== "total") {
        throw new TypeError(
          `Cannot compile the gradient of a Linear layer that reads images as it must be total: ` +
            `it is ${gradient.kind}`,
        );
      }
      const { table: tiles, entries, size: tile, blocks } = compilation.tiles("features");
      const { height, width, rows, columns, across, count } = blocks!;
      const groups = count + Number(bias);
      const kernel = await gpu.compile({
        name: "linear/gradient_pixels",
        texts: [linear.gradientPixels],
        values: {
          ...values,
          tile,
          features: inputs,
          height,
          width,
          blockRows: rows,
          blockColumns: columns,
          across,
          count,
          groups,
          gradientQuads: Math.ceil(batchSize * outputs / 4),
        },
      });
      compilation.add(
        "backward",
        await kernel.bind({
          tiles,
          entries,
          current_gradient: gradient.values,
          gradient: parameter.gradient,
        }, [
          Math.min(groups, MOST_GROUPS),
          sliceGroups,
          Math.ceil(groups / MOST_GROUPS),
        ]),
      );
      return undefined;
    },
  };
}

/** How many quads of outputs a lane computes: many, so that few lanes of the last workgroup are idle. */
function sliceQuadsOf(quads: number, lanes: number): number {
  let best = 1;
  let least = Infinity;
  for (let size = 1; size <= Math.min(MOST_SLICE_QUADS, quads); size++) {
    const computed = Math.ceil(quads / (size * lanes)) * lanes * size;
    if (computed <= least) {
      best = size;
      least = computed;
    }
  }
  return best;
}

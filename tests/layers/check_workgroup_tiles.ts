import type { GpuOptions } from "../../mod.ts";
import { Random } from "../../src/extend.ts";
import { GPU_PRESET, type WorkgroupTile } from "../../src/gpu/preset.ts";
import { checkConvolution, randomConvolution } from "../support/convolution_check.ts";
import { sharedGpu } from "../support/gpu.ts";
import { checkLinear, type LinearRun } from "../support/linear_check.ts";

/** A tile: smaller than those of GPUs, so that small products have several, or one of theirs. */
function randomTile(random: Random): WorkgroupTile {
  const pick = <const T extends readonly unknown[]>(...choices: T): T[number] =>
    choices[random.below(choices.length)];
  return {
    ...GPU_PRESET.workgroupTile!,
    ...pick(true, true, false)
      ? { rowLanes: 4, columnLanes: pick(1, 3), rowQuads: pick(2, 4), columns: 4 }
      : {},
    fours: pick(1, 2),
    // With fewer lanes than keep an adapter busy a lane has as many rows as it can have.
    lanes: pick(1, 64, 1 << 15),
  };
}

function randomLinear(random: Random): LinearRun {
  const pick = <const T extends readonly unknown[]>(...choices: T): T[number] =>
    choices[random.below(choices.length)];
  const kind = pick("spikes", "dense", "constant");
  return {
    kind,
    timeSteps: pick(1, 3, 4, 5, 8, 9, 33),
    batch: pick(1, 2, 7, 33),
    inputs: pick(1, 3, 4, 12, 21, 40),
    outputs: pick(1, 3, 4, 8, 17, 36),
    bias: pick(true, false),
    ...kind === "spikes" ? { scale: 1.25 } : {},
  };
}

/**
 * Compares products whose lanes share what they multiply with float64.
 *
 * @param where What runs them, for the tests' names.
 * @param options Which adapter.
 * @param count How many convolutions, and Linear layers, of any shape.
 * @param seed Which ones.
 */
export function checkWorkgroupTiles(
  where: string,
  options: GpuOptions,
  count: number,
  seed = 1,
): void {
  Deno.test(`convolutions by workgroup tiles equal float64 on ${where}`, async () => {
    const gpu = await sharedGpu(options);
    const random = new Random(seed, 1);
    for (let i = 0; i < count; i++) {
      await checkConvolution(gpu, { ...randomConvolution(random), tile: randomTile(random) });
    }
  });

  Deno.test(`Linear layers by workgroup tiles equal float64 on ${where}`, async () => {
    const gpu = await sharedGpu(options);
    const random = new Random(seed, 2);
    for (let i = 0; i < count; i++) {
      await checkLinear(gpu, { ...randomLinear(random), tile: randomTile(random) });
    }
  });
}

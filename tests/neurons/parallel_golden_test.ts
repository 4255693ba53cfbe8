/** Parallel spiking neurons against SpikingJelly's in float64. */

import { MaskedPsn, Psn, SlidingPsn } from "../../mod.ts";
import type { Layer } from "../../src/extend.ts";
import { checkGoldenLayer, type GoldenCase } from "../support/golden_layer.ts";
import { sharedGpu } from "../support/gpu.ts";
import { readSafeTensors } from "../support/safetensors.ts";

const MAKE: Record<string, (golden: GoldenCase) => Layer> = {
  Psn: ({ T }) => new Psn(T),
  MaskedPsn: ({ T, layer: { k } }) => new MaskedPsn(k, T),
  SlidingPsn: ({ layer: { k } }) => new SlidingPsn(k),
};

const file = readSafeTensors("tests/goldens/parallel/parallel.safetensors");
const cases: GoldenCase[] = JSON.parse(file.metadata["cases"]!);
for (const golden of cases) {
  const { name, layer: { type } } = golden;
  Deno.test(`${type} equals SpikingJelly: ${name}`, async () => {
    await checkGoldenLayer(await sharedGpu(), file, golden, MAKE[type]!(golden));
  });
}

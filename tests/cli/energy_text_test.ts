import { assertEquals, assertMatch } from "@std/assert";
import { energyText } from "../../src/cli/text/energy_text.ts";
import { energyOf, HOROWITZ_2014, type NetworkCounts } from "../../mod.ts";

const NOTHING = {
  synapses: 0,
  inputRate: 0,
  synapticOperations: 0,
  multiplyAccumulates: 0,
  potentialUpdates: 0,
  spikes: 0,
  bytes: 0,
};
const LINEAR = {
  ...NOTHING,
  synapses: 7840,
  inputRate: 0.125,
  synapticOperations: 980_000,
  bytes: 11_760_000,
};
const COUNTS: NetworkCounts = {
  samples: 10,
  timeSteps: 100,
  layers: [
    { ...LINEAR, layer: "layer.1", kind: "Linear", reads: "spikes" },
    { ...NOTHING, layer: "layer.2", kind: "LifNode", potentialUpdates: 10_000, bytes: 120_000 },
  ],
  total: { ...LINEAR, potentialUpdates: 10_000, bytes: 11_880_000 },
};

Deno.test("energy is a table and a sentence", () => {
  assertEquals(
    energyText(COUNTS, energyOf(COUNTS)),
    `For a picture, by Horowitz 2014, 45 nm
layer             reads   spikes a step  SOPs  MACs  updates   bytes    nJ  nJ as an ANN
layer.1  Linear   spikes         0.1250  98 k     0        0  1.18 M  88.2          36.1
layer.2  LifNode                            0     0      1 k    12 k     0             0
total                            0.1250  98 k     0      1 k  1.19 M  88.2          36.1
2.45 times what the same network takes as an ANN; it takes less below 0.0511 spikes a synapse and ` +
      "step, and has 0.1250",
  );
});

Deno.test("the sentence says where no rate would do, and where there are no spikes", () => {
  const never = energyOf(COUNTS, { ...HOROWITZ_2014, potentialUpdate: 1000 });
  assertMatch(energyText(COUNTS, never), /as an ANN, whatever the firing rate$/);
  const layers = COUNTS.layers.map(({ reads: _, ...layer }) => layer);
  const counts = { ...COUNTS, layers };
  assertMatch(energyText(counts, energyOf(counts)), /as an ANN: no layer reads spikes$/);
});

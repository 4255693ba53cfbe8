import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { energyOf, HOROWITZ_2014, type LayerCounts, type NetworkCounts } from "../../mod.ts";

const NOTHING = {
  synapses: 0,
  inputRate: 0,
  synapticOperations: 0,
  multiplyAccumulates: 0,
  potentialUpdates: 0,
  spikes: 0,
  bytes: 0,
};

/** Two samples over five time steps: a layer that reads a picture, neurons, and a layer that reads spikes. */
const LAYERS: readonly LayerCounts[] = [
  {
    ...NOTHING,
    layer: "layer.0",
    kind: "Linear",
    reads: "values",
    synapses: 30,
    multiplyAccumulates: 60,
    bytes: 480,
  },
  { ...NOTHING, layer: "layer.1", kind: "IfNode", potentialUpdates: 100, spikes: 20, bytes: 1360 },
  {
    ...NOTHING,
    layer: "layer.2",
    kind: "Linear",
    reads: "spikes",
    synapses: 40,
    inputRate: 0.2,
    synapticOperations: 80,
    bytes: 960,
  },
];
const COUNTS: NetworkCounts = {
  samples: 2,
  timeSteps: 5,
  layers: LAYERS,
  total: {
    synapses: 70,
    inputRate: 0.2,
    synapticOperations: 80,
    multiplyAccumulates: 60,
    potentialUpdates: 100,
    spikes: 20,
    bytes: 2800,
  },
};

Deno.test("energy is operations times their costs, for a sample", () => {
  const { energy, withoutSpikes, breakEvenRate, layers } = energyOf(COUNTS);
  assertAlmostEquals(energy, 30 * 4.6 + 40 * 0.9, 1e-9);
  assertAlmostEquals(withoutSpikes, 70 * 4.6, 1e-9);
  assertEquals(layers.map(({ layer }) => layer), ["layer.0", "layer.1", "layer.2"]);
  assertAlmostEquals(layers[2]!.energy, 36, 1e-9);
  assertAlmostEquals(layers[2]!.withoutSpikes, 184, 1e-9);
  // What the first layer takes is the same on both sides.
  assertAlmostEquals(breakEvenRate!, 4.6 / (0.9 * 5), 1e-9);
});

Deno.test("at the break-even rate both take the same, whatever costs something", () => {
  for (
    const costs of [HOROWITZ_2014, { ...HOROWITZ_2014, potentialUpdate: 0.3 }, {
      name: "all",
      synapticOperation: 2,
      multiplyAccumulate: 5,
      potentialUpdate: 0.5,
      byte: 0.1,
    }]
  ) {
    const before = energyOf(COUNTS, costs);
    const synapticOperations = before.breakEvenRate! * 40 * 5 * 2;
    const more = synapticOperations - 80;
    const change = (counts: LayerCounts) => ({
      ...counts,
      synapticOperations: counts.synapticOperations + more,
      bytes: counts.bytes + 12 * more,
    });
    const after = energyOf({
      ...COUNTS,
      layers: LAYERS.map((layer) => layer.reads === "spikes" ? change(layer) : layer),
      total: change({ ...COUNTS.total, layer: "", kind: "" }),
    }, costs);
    assertAlmostEquals(after.energy, after.withoutSpikes, 1e-9);
    assertAlmostEquals(after.breakEvenRate!, before.breakEvenRate!, 1e-9);
  }
});

Deno.test("there may be no rate at which spikes take less, or no spikes at all", () => {
  const costs = { ...HOROWITZ_2014, potentialUpdate: 100 };
  assertEquals(energyOf(COUNTS, costs).breakEvenRate, 0);
  const layers = LAYERS.slice(0, 1);
  const { layer: _, kind: __, reads: ___, ...total } = LAYERS[0]!;
  const energy = energyOf({ ...COUNTS, layers, total });
  assertEquals([energy.breakEvenRate, energy.energy], [undefined, energy.withoutSpikes]);
  assertThrows(
    () => energyOf(COUNTS, { ...HOROWITZ_2014, byte: -1 }),
    RangeError,
    "Cannot compute energy as byte must be a finite number of at least 0: current value is -1",
  );
});

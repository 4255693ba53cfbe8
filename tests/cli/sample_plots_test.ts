/** What `classify` and the report show of a sample. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import {
  CubaLifNode,
  eventDataset,
  EventEncoder,
  Linear,
  LiNode,
  Model,
  Sequential,
} from "../../mod.ts";
import { samplePlots } from "../../src/cli/run/sample_plots.ts";
import { sharedGpu } from "../support/gpu.ts";

Deno.test("a sound's events are shown, and the potentials that a readout ends in", async () => {
  const sounds = eventDataset([{ places: [0, 3, 5, 3], times: [0, 1500, 2100, 9000] }], {
    shape: [6],
  });
  const gpu = await sharedGpu();
  const network = new Sequential([
    new Linear(6, 4),
    new CubaLifNode(),
    new Linear(4, 3),
    new LiNode(),
  ]);
  using model = await Model.compile(gpu, network, {
    input: [6],
    timeSteps: 5,
    encoder: new EventEncoder({ stepDuration: 1000 }),
  });
  const recording = await model.record(sounds);
  const plots = await samplePlots(sounds, recording, { timeSteps: 5, stepDuration: 1000 });
  assertEquals(plots.map(({ name }) => name), ["input", "1d_spikes", "2d_heatmap", "potentials"]);
  const [input, , , potentials] = plots.map(({ svg }) => svg);
  assertStringIncludes(input!, "Events");
  // Six channels have a firing rate each; the event after the last step isn't there.
  assertEquals(Array.from(input!.matchAll(/>(\d\.\d\d)</g), ([, rate]) => rate), [
    "0.20",
    "0.00",
    "0.00",
    "0.20",
    "0.00",
    "0.20",
  ]);
  assertStringIncludes(potentials!, "Potentials of the readout");
});

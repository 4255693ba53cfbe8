import * as linear from "../../../kernels/linear/mod.ts";
import { denseBytes } from "../../core/dense.ts";
import type { Scope } from "../../core/scope.ts";
import type { NumberSignal, RecordingSignal } from "../../core/signal.ts";
import { timeQuads } from "../../core/time.ts";
import type { Variant } from "../../core/variant.ts";
import { Recordings } from "../../feeds/recordings.ts";
import { workgroupsFor } from "../../gpu/dispatch.ts";
import { LOOP_ROUNDS } from "../../gpu/rounds.ts";
import { linearParameters, type LinearShape } from "./parameters.ts";

/** Outputs that a lane computes at most: what it reads of an event serves all of them. */
const MOST_OUTPUTS = 16;
/** Lanes of a workgroup at most. */
const MOST_LANES = 64;
/** Lanes that keep a processor busy. */
const BUSY_LANES = 64;

/** Rounds of a lane's loops for a quad of time steps, and of one that adds up what a batch has, at most. */
const quadRounds = ({ inputs }: LinearShape) => inputs + 16;
const batchRounds = ({ batchSize, timeSteps }: Scope) => batchSize * timeQuads(timeSteps);

/** A Linear layer that reads recordings: what it does follows the number of their events. */
export const linearRecordings: Variant<LinearShape> = {
  name: "recordings",
  fits: (layer, input, scope) =>
    input.kind === "recordings" && quadRounds(layer) <= LOOP_ROUNDS &&
    batchRounds(scope) <= LOOP_ROUNDS,
  async compile(layer, input, scope) {
    const { gpu, batchSize, timeSteps } = scope;
    const { outputs } = layer;
    const feed = await scope.feed(
      "recordings",
      (scope) => new Recordings(scope, input as RecordingSignal),
    );
    const { parameter, values: layerValues } = linearParameters(scope, layer, 1);
    const quads = timeQuads(timeSteps);
    const parts = Math.ceil(outputs / MOST_OUTPUTS);
    const lanes = lanesOf(gpu.preset.lanes, parts);
    const values = { ...layerValues, batch: batchSize, quads, lanes };
    const own = ownOf(outputs, parts);
    const blockQuads = Math.max(
      1,
      Math.min(
        Math.floor(LOOP_ROUNDS / quadRounds(layer)),
        Math.floor(quads * batchSize * parts / BUSY_LANES),
      ),
    );
    const output: NumberSignal = {
      kind: "numbers",
      shape: [outputs],
      over: "time",
      values: scope.buffer(denseBytes(timeSteps, batchSize * outputs), "current"),
    };
    await feed.run("forward", {
      name: "linear/forward_recordings",
      texts: [linear.forwardRecordings],
      values: {
        ...values,
        parts,
        own,
        exact: outputs % own === 0,
        blockQuads,
        textureReads: gpu.readsTextures(parameter.values.size),
      },
      resources: { parameters: parameter.values, current: output.values },
      workgroups: [Math.ceil(batchSize * parts / lanes), Math.ceil(quads / blockQuads)],
    });
    return {
      output,
      async backward(outputGradient) {
        const rowTexels = Math.ceil(outputs / 4);
        const rowsEnd = 4 * batchSize * quads;
        const rows = scope.texture((rowsEnd + 1) * rowTexels, "gradient rows");
        const items = batchSize * rowTexels;
        await scope.run("backward", {
          name: "linear/gradient_rows",
          texts: [linear.gradientRows],
          values: { ...values, rowTexels, items, textureReads: true },
          resources: { current_gradient: outputGradient.values!.buffer, rows },
          workgroups: workgroupsFor(items, lanes),
        });
        await feed.run("backward", {
          name: "linear/gradient_recordings",
          texts: [linear.gradientRecordings],
          values: { ...values, parts, ownTexels: Math.ceil(rowTexels / parts), rowTexels, rowsEnd },
          resources: { rows, gradient: parameter.gradient },
          workgroups: workgroupsFor((layer.inputs + (layer.bias ? 1 : 0)) * parts, lanes),
        });
        return undefined;
      },
    };
  },
};

/**
 * Lanes of a workgroup: as many as have all outputs of a sample, if that isn't too many. Two workgroups for a sample
 * take 10 times as long on llvmpipe (`bench/recurrent.ts`: 127 ms instead of 13 for 256 outputs, Zen 4).
 */
function lanesOf(least: number, parts: number): number {
  return least * Math.max(1, Math.min(Math.ceil(parts / least), Math.floor(MOST_LANES / least)));
}

/** Outputs of each of `parts` lanes: whole vectors, where a row of weights has them. */
function ownOf(outputs: number, parts: number): number {
  const unit = outputs % 4 === 0 ? 4 : 1;
  return unit * Math.ceil(outputs / (unit * parts));
}

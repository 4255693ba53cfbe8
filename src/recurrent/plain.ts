import * as recurrent from "../../kernels/recurrent/mod.ts";
import type { Variant } from "../core/variant.ts";
import { workgroupsFor } from "../gpu/dispatch.ts";
import { stateOf } from "../neurons/model.ts";
import { gradientTexts } from "../neurons/pair/compile.ts";
import { firstStateText, stateBytes } from "../neurons/pair/state.ts";
import { gradientResources, gradientValues, loopValues } from "./loop.ts";
import { compileRecurrent, type Loop, type RecurrentSetup, type RecurrentShape } from "./setup.ts";

/** A lane simulates a sample, its neurons one after the other: for layers of any size. */
export const recurrentPlain: Variant<RecurrentShape> = {
  name: "a lane a sample",
  fits: () => true,
  compile: (layer, input, scope) => compileRecurrent(layer, input, scope, addLoop),
};

async function addLoop(setup: RecurrentSetup): Promise<Loop> {
  const { scope, description, features, current, total, output, parameter, constants } = setup;
  const { gpu, batchSize, timeSteps } = scope;
  const neurons = batchSize * features;
  const variables = stateBytes(stateOf(description).length);
  const states = scope.buffer((total ? timeSteps : 1) * neurons * variables, "states");
  const words = Math.ceil(features / 32);
  const shared = { parameters: parameter.values, states, ...constants };
  const lanes = gpu.preset.productLanes;
  const workgroups = workgroupsFor(batchSize, lanes);
  await scope.run("forward", {
    name: `recurrent/forward (${description.kind})`,
    texts: [
      ...setup.equations.texts,
      firstStateText(description, false),
      recurrent.forward,
    ],
    values: loopValues(setup, {
      lanes,
      words,
      constantCurrent: current.over === "constant",
      keeps: total !== undefined,
    }),
    resources: {
      ...shared,
      current: current.values,
      ...total ? { total: total.values } : {},
      fired: scope.buffer(2 * words * batchSize * 4, "last spikes"),
      spikes: output.spikes,
      counts: output.counts,
    },
    workgroups,
  });
  return {
    async backward(gradients) {
      await scope.run("backward", {
        name: `recurrent/backward (${description.kind})`,
        texts: [
          ...setup.equations.texts,
          ...gradientTexts(
            description,
            Object.keys(gradients.traces),
            gradients.shares !== undefined,
          ),
          recurrent.backward,
        ],
        values: loopValues(setup, { lanes, ...gradientValues(setup, gradients) }),
        resources: {
          ...shared,
          total: total!.values,
          state_gradients: scope.buffer(neurons * variables, "state gradients"),
          ...gradientResources(gradients),
        },
        workgroups,
      });
    },
  };
}

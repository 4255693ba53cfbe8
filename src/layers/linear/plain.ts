import * as linear from "../../../kernels/linear/mod.ts";
import type { Variant } from "../../core/variant.ts";
import { compileProduct } from "../product/compile.ts";
import type { LinearShape } from "./parameters.ts";

/** A Linear layer that reads stored signals: every signal, since any can be stored. */
export const linearPlain: Variant<LinearShape> = {
  name: "stored",
  fits: () => true,
  compile: ({ inputs, outputs, bias }, input, scope) =>
    compileProduct(scope, input, {
      kind: "Linear",
      prefix: "linear",
      map: { text: linear.rows, values: {} },
      contiguous: true,
      padded: false,
      backPadded: false,
      input: [inputs],
      output: [outputs],
      outputPlaces: 1,
      inputPlaces: 1,
      taps: 1,
      tapFeatures: inputs,
      groups: 1,
      outputs,
      bias,
    }),
};

import { assertStringIncludes, assertThrows } from "@std/assert";
import { LifNode, type Surrogate, surrogates } from "../../mod.ts";
import { makeSurrogate } from "../../src/extend.ts";
import { neuronEquations } from "../../src/neurons/pair/equations.ts";

/** Options out of range, and what the message says. */
const WRONG: [name: string, options: Record<string, number>, message: string][] = [
  ["erf", { alpha: 0 }, "alpha must be a finite number above 0: current value is 0"],
  ["fakeNumericalGradient", { alpha: -1 }, "alpha must be a finite number above 0"],
  ["leakyKRelu", { k: Infinity }, "k must be a finite number: current value is Infinity"],
  ["leakyKRelu", { leak: NaN }, "leak must be a finite number"],
  ["logTailedRelu", { alpha: NaN }, "alpha must be a finite number"],
  ["nonzeroSignLogAbs", { alpha: 0 }, "alpha must be a finite number above 0"],
  ["piecewiseExp", { alpha: NaN }, "alpha must be a finite number above 0"],
  ["piecewiseLeakyRelu", { w: 0 }, "w must be a finite number greater than 0"],
  ["piecewiseLeakyRelu", { c: NaN }, "c must be a finite number"],
  ["piecewiseQuadratic", { alpha: Infinity }, "alpha must be a finite number above 0"],
  ["qPseudoSpike", { alpha: 1 }, "alpha must be a finite number greater than 1"],
  ["rect", { alpha: -0.5 }, "alpha must be a finite number above 0"],
  ["s2nn", { alpha: 0 }, "alpha must be a finite number greater than 0"],
  ["s2nn", { beta: 0 }, "beta must be a finite number greater than 0"],
  ["softSign", { alpha: 0 }, "alpha must be a finite number above 0"],
  ["squarewaveFourierSeries", { n: 1 }, "n must be an integer of at least 2"],
  ["squarewaveFourierSeries", { n: 2.5 }, "n must be an integer of at least 2"],
  ["squarewaveFourierSeries", { tPeriod: 0 }, "tPeriod must be a finite number greater than 0"],
  ["superSpike", { alpha: 0 }, "alpha must be a finite number above 0"],
];
for (const [name, options, message] of WRONG) {
  Deno.test(`${name} refuses ${Deno.inspect(options)}`, () => {
    const error = assertThrows(() => makeSurrogate(name, options), RangeError);
    assertStringIncludes(error.message, `Cannot create the surrogate "${name}" as ${message}`);
  });
}

Deno.test("a parameter that the neurons have too is refused", () => {
  const mine: Surrogate = {
    name: "mine",
    parameters: { v_threshold: 1 },
    wgsl: "",
    gradient: () => 1,
  };
  const { message } = assertThrows(
    () => neuronEquations(new LifNode({ surrogate: mine }).describe()),
    TypeError,
  );
  assertStringIncludes(message, 'surrogate "mine"');
  assertStringIncludes(message, '"v_threshold"');
});

Deno.test("every surrogate goes with every neuron", () => {
  for (const make of Object.values(surrogates)) {
    neuronEquations(new LifNode({ surrogate: make() }).describe());
  }
});

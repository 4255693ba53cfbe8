import { assert, assertAlmostEquals } from "@std/assert";
import { surrogates } from "../../mod.ts";
import { cases } from "./goldens.ts";

const STEP = 1e-5;
/** Off the kinks, which are all at multiples of 1 / 2. */
const POINTS = Array.from({ length: 101 }, (_, i) => (i - 50) / 20 + 0.0123);

/**
 * Surrogates whose gradient isn't the derivative of their primitive, and what that is instead. Only
 * S2NN: its logarithm has 1e-5 added to its argument, and its gradient hasn't.
 */
const DERIVATIVES: Readonly<Record<string, (gradient: number, x: number) => number>> = {
  s2nn: (gradient, x) => x < 0 ? gradient : gradient * (x + 1) / (x + 1 + 1e-5),
};

for (const { title, surrogate } of cases) {
  const { name, gradient, primitive } = surrogate;
  if (!primitive) continue;
  const exception = DERIVATIVES[name];
  Deno.test(`${title} has the gradient that its primitive has${exception ? " nearly" : ""}`, () => {
    for (const x of POINTS) {
      const difference = (primitive(x + STEP) - primitive(x - STEP)) / (2 * STEP);
      const want = exception ? exception(gradient(x), x) : gradient(x);
      assertAlmostEquals(difference, want, 3e-9 + 2e-8 * Math.abs(want), `at ${x}`);
    }
    // An exception that is none should be taken off the list.
    if (exception) {
      assert(POINTS.some((x) => Math.abs(exception(gradient(x), x) / gradient(x) - 1) > 1e-6));
    }
  });
}

Deno.test("the primitive of erf is exact far from the threshold", () => {
  const primitive = surrogates.erf!({ alpha: 1 }).primitive!;
  // erfc(-x) / 2
  const tail = [
    [-2.4, 3.4425694832253945e-4],
    [-2.6, 1.1801720826467454e-4],
    [-5, 7.687298972140176e-13],
    [-10, 1.0442437918812724e-45],
  ] as const;
  for (const [x, want] of tail) assertAlmostEquals(primitive(x) / want, 1, 2e-12, `at ${x}`);
});

import { assertEquals } from "@std/assert";
import { surrogates } from "../../mod.ts";
import { makeSurrogate } from "../../src/extend.ts";
import { assertClose } from "../support/close.ts";
import { cases, tolerance } from "./goldens.ts";

for (const { title, surrogate, x, gradient, primitive } of cases) {
  Deno.test(`${title} gives the golden numbers`, () => {
    assertClose(x.map(surrogate.gradient), gradient, tolerance.float64);
    assertEquals(surrogate.primitive === undefined, primitive === null);
    if (primitive) assertClose(x.map(surrogate.primitive!), primitive, tolerance.float64);
  });
}

Deno.test("the golden numbers know every surrogate, the first of its kind by its defaults", () => {
  const names = [...new Set(cases.map(({ surrogate }) => surrogate.name))];
  assertEquals(names.toSorted(), Object.keys(surrogates));
  for (const name of names) {
    const first = cases.find(({ surrogate }) => surrogate.name === name)!;
    assertEquals(makeSurrogate(name).parameters, first.surrogate.parameters);
  }
});

import { assertEquals } from "@std/assert";
import { reasonOf } from "../../web/reason.ts";

/** What the page says of spikes of each neuron. */
function say(counts: readonly number[], label?: number): string {
  const digit = counts.indexOf(Math.max(...counts));
  return reasonOf({ digit, counts }, label);
}

Deno.test("an answer comes with its spikes, the next best, and whether it is right", () => {
  assertEquals(say([0, 0, 97, 0, 0, 0, 0, 0, 0, 10]), "97 spikes; 9 has 10");
  assertEquals(say([0, 0, 97, 0, 0, 0, 0, 0, 0, 10], 2), "right: 97 spikes; 9 has 10");
  assertEquals(say([3, 0, 0, 0, 4, 0, 0, 4, 0, 0], 7), "wrong, it is a 7: 4 spikes; 7 has 4");
  assertEquals(say([1, 0, 0, 0, 0, 0, 0, 0, 0, 0]), "1 spike; the others none");
  assertEquals(say(new Array(10).fill(0), 3), "no neuron fires");
});

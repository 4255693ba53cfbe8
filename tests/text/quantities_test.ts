import { assertEquals } from "@std/assert";
import { duration, percent } from "../../src/text/quantities.ts";

Deno.test("shares are in percent", () => {
  assertEquals(percent(0.975), "97.50 %");
  assertEquals(percent(1 / 3, 1), "33.3 %");
});

Deno.test("durations have the units that suit them", () => {
  assertEquals([0, 1.26, 59.4].map((seconds) => duration(seconds)), ["0 s", "1 s", "59 s"]);
  assertEquals([1.26, 59.94].map((seconds) => duration(seconds, 1)), ["1.3 s", "59.9 s"]);
  // What is rounded up to a minute is one.
  assertEquals([duration(59.5), duration(59.96, 1)], ["1 min 0 s", "1 min 0 s"]);
  assertEquals([duration(125), duration(3599.6)], ["2 min 5 s", "1 h 0 min"]);
  assertEquals(duration(11_065), "3 h 4 min");
});

import { assertEquals } from "@std/assert";
import { doesWideVectors } from "../../src/gpu/processor.ts";

/** What Linux says of a processor, in part. */
const processor = (vendor: string, family: number, flags: string) =>
  `processor\t: 0\nvendor_id\t: ${vendor}\ncpu family\t: ${family}\nmodel\t\t: 17\nflags\t\t: fpu vme ${flags} xsave\n\n`;

const cases: readonly (readonly [string, string, boolean])[] = [
  ["Zen 3", processor("AuthenticAMD", 25, "avx2"), false],
  ["Zen 4, in halves", processor("AuthenticAMD", 25, "avx2 avx512f avx512dq"), false],
  ["Zen 5", processor("AuthenticAMD", 26, "avx2 avx512f avx512dq"), true],
  ["Intel with AVX-512", processor("GenuineIntel", 6, "avx2 avx512f"), true],
  ["Intel without", processor("GenuineIntel", 6, "avx2"), false],
  ["another kind", "processor\t: 0\nFeatures\t: fp asimd\n", false],
];
for (const [name, description, expected] of cases) {
  Deno.test(`512 bits at once: ${name}`, () => {
    assertEquals(doesWideVectors(description.repeat(2)), expected);
  });
}

import { assert, assertEquals } from "@std/assert";

/** Asserts |got - want| <= atol + rtol |want| for each number. */
export function assertClose(
  got: ArrayLike<number>,
  want: ArrayLike<number>,
  { rtol, atol }: { rtol: number; atol: number },
): void {
  assertEquals(got.length, want.length);
  for (let i = 0; i < want.length; i++) {
    const difference = Math.abs(got[i]! - want[i]!);
    assert(
      difference <= atol + rtol * Math.abs(want[i]!),
      `number ${i} is ${got[i]}, it should be ${want[i]}`,
    );
  }
}

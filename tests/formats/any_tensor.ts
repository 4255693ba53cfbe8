import fc from "fast-check";
import type { Tensor } from "../../src/formats/mod.ts";

/**
 * Tensors of up to 4 dimensions and of each type of elements.
 *
 * @returns The tensors.
 */
export function anyTensor(): fc.Arbitrary<Tensor> {
  return fc.array(fc.nat(4), { maxLength: 4 }).chain((shape) => {
    const length = shape.reduce((product, size) => product * size, 1);
    const exact = { minLength: length, maxLength: length };
    return fc.oneof(
      fc.float64Array(exact),
      fc.float32Array(exact),
      fc.bigInt64Array(exact),
      fc.bigUint64Array(exact),
      fc.int32Array(exact),
      fc.uint32Array(exact),
      fc.int16Array(exact),
      fc.uint16Array(exact),
      fc.int8Array(exact),
      fc.uint8Array(exact),
    ).map((data) => ({ shape, data }));
  });
}

import * as linear from "../../../kernels/linear/mod.ts";
import type { Variant } from "../../core/variant.ts";
import type { Product } from "../product/product.ts";
import { PRODUCT_VARIANTS } from "../product/variants.ts";
import type { LinearShape } from "./parameters.ts";

/** Linear layers that read stored signals: every signal, since any can be stored. */
export const linearStored: readonly Variant<LinearShape>[] = PRODUCT_VARIANTS.map((variant) => ({
  name: variant.name,
  fits: (layer, input, scope) => variant.fits(linearProduct(layer), input, scope),
  compile: (layer, input, scope) => variant.compile(linearProduct(layer), input, scope),
}));

/**
 * The matrix product that a layer is.
 *
 * @param layer The layer.
 * @returns The product.
 */
export function linearProduct({ inputs, outputs, bias }: LinearShape): Product {
  return {
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
  };
}

import type { Variant } from "../../core/variant.ts";
import { type CompiledProduct, compileProduct } from "./compile.ts";
import type { Product } from "./product.ts";

/**
 * A workgroup loads what its lanes multiply once for all of them, into its own memory: what bounds a product on
 * a real GPU otherwise are loads. It pays where the rows, the features and the outputs fill tiles.
 */
export const workgroupProduct: Variant<Product, CompiledProduct> = {
  name: "workgroup tiles",
  fits({ outputPlaces, taps, tapFeatures, groups, outputs }, input, scope) {
    const tile = scope.gpu.preset.workgroupTile;
    if (!tile) return false;
    const { batchSize, timeSteps } = scope;
    const steps = input.over === "constant" ? 1 : timeSteps;
    const quads = outputPlaces * Math.ceil(batchSize * steps / 4);
    const half = tile.columnLanes * tile.columns / 2;
    return quads >= tile.rowLanes * tile.rowQuads && taps * tapFeatures >= half &&
      outputs / groups >= half;
  },
  compile: (product, input, scope) =>
    compileProduct(scope, input, product, scope.gpu.preset.workgroupTile),
};

/** Each lane loads what it multiplies. */
const plainProduct: Variant<Product, CompiledProduct> = {
  name: "stored",
  fits: () => true,
  compile: (product, input, scope) => compileProduct(scope, input, product),
};

/** How a product of stored signals can be compiled, the fastest first. */
export const PRODUCT_VARIANTS: readonly Variant<Product, CompiledProduct>[] = [
  workgroupProduct,
  plainProduct,
];

import { denseBytes } from "../../core/dense.ts";
import type { Parameter, Scope } from "../../core/scope.ts";
import { sizeOf } from "../../core/shape.ts";
import type { StoredSignal } from "../../core/signal.ts";
import { timeQuads } from "../../core/time.ts";
import { workgroupsFor } from "../../gpu/dispatch.ts";
import type { WorkgroupTile } from "../../gpu/preset.ts";
import type { TemplateValues } from "../../gpu/template.ts";
import { cutGradient, type GradientCut } from "./gradient_cut.ts";
import { type ProductInput, productInput } from "./input.ts";
import type { Product } from "./product.ts";
import { type Columns, cutColumns } from "./tile.ts";

/** Planes of workgroups that a dispatch can have. */
const MOST_PLANES = 65535;

/** A run of one of a product's kernels. */
export interface ProductWork {
  /** What it is called after the product's prefix. */
  readonly name: string;
  /** WGSL after that of the map. */
  readonly texts: readonly string[];
  /** Values besides those of the product. */
  readonly values: TemplateValues;
  /** What it reads. */
  readonly reads: Readonly<Record<string, GPUBuffer>>;
  /** What it writes. */
  readonly writes: Readonly<Record<string, GPUBuffer>>;
  /** Lanes of a plane. */
  readonly items: number;
  /** How its columns are cut. */
  readonly columns: Columns;
  /** Planes, each of which has as many lanes; 1 by default. */
  readonly planes?: number;
}

/** How a product is cut: what its kernels have in common. */
export interface ProductCut {
  /** What it is, for messages. */
  readonly what: string;
  /** The product. */
  readonly product: Product;
  /** How its kernels read the input. */
  readonly read: ProductInput;
  /** What it learns. */
  readonly parameter: Parameter;
  /** Whether the input is the same at each time step: a quad is one of samples then. */
  readonly constant: boolean;
  /** Samples, or fours of them. */
  readonly samples: number;
  /** Rows of all of them on the way forward. */
  readonly rows: number;
  /** Quads of a row. */
  readonly quads: number;
  /** Blocks of quads, each of which is read at once. */
  readonly blocks: number;
  /** How the lanes of a workgroup share what they multiply, if they do. */
  readonly tile: WorkgroupTile | undefined;
  /** How its outputs are cut. */
  readonly columns: Columns;
  /** How the gradient of its weights is cut. */
  readonly gradient: GradientCut;
  /** Bytes of a signal that has so many numbers a sample, and as many time steps as the input. */
  bytesOf(size: number): number;
  /** Adds a run of a kernel to the program. */
  add(phase: "forward" | "backward", work: ProductWork): Promise<void>;
}

/**
 * Cuts a product; its parameters are declared as "weight".
 *
 * @param scope The layer's view of the program.
 * @param input The signal `[T, batch, ...input]`.
 * @param product The product.
 * @param options Whether the spikes of a time step are multiplied at the next one, and how the lanes of a
 * workgroup share what they multiply, if they do.
 * @returns What its kernels have in common.
 */
export async function cutProduct(
  scope: Scope,
  input: StoredSignal,
  product: Product,
  { delayed = false, tile }: {
    readonly delayed?: boolean;
    readonly tile?: WorkgroupTile | undefined;
  } = {},
): Promise<ProductCut> {
  const { gpu, batchSize, timeSteps } = scope;
  const { taps, tapFeatures, groups, outputs } = product;
  const { preset } = gpu;
  const constant = input.over === "constant";
  const samples = constant ? Math.ceil(batchSize / 4) : batchSize;
  const rows = samples * product.outputPlaces;
  const quads = constant ? 1 : timeQuads(timeSteps);
  const sizes = { inputSize: sizeOf(product.input), outputSize: sizeOf(product.output) };
  const bytesOf = (size: number) =>
    constant ? batchSize * size * 4 : denseBytes(timeSteps, batchSize * size);
  const scale = input.kind === "spikes" ? input.scale ?? 1 : 1;
  const read = await productInput(scope, input, product, { delayed });
  const blocks = Math.ceil(quads / read.blockQuads);
  const groupOutputs = outputs / groups;
  const unit = groupOutputs % 4 === 0 ? 4 : 1;
  const columns = cutColumns(groupOutputs, groups, [preset.tile.outputs, unit], tile);
  const most = preset.gradientCopies;
  const gradient = cutGradient(product, read, { rows, blocks, most }, columns, preset.tile, tile);
  const features = taps * tapFeatures;
  const what = `a ${product.kind} layer of ${features} weights an output and ${outputs} outputs`;
  const parameter = scope.parameter("weight", gradient.copies);
  const shape = {
    ...product.map.values,
    ...sizes,
    features,
    outputs,
    groups,
    groupOutputs,
    bias: product.bias,
    contiguous: product.contiguous,
    parameterQuads: Math.ceil(parameter.size / 4),
    uniformParameters: gpu.readsUniform(parameter.values.size),
    batch: batchSize,
    quads,
    constant,
    scale,
    scaled: scale !== 1,
    gradientQuads: Math.ceil(bytesOf(sizes.outputSize) / 16),
    staged: tile !== undefined,
    // How far apart the rows of a lane are.
    rowStep: tile?.rowLanes ?? 1,
    ...tile ? { fours: read.fours, rowLanes: tile.rowLanes, partFours: tile.fours } : {},
  };
  return {
    ...{ what, product, read, parameter, constant, samples, rows, quads, blocks },
    ...{ tile, columns, gradient, bytesOf },
    async add(phase, { name, texts, values, reads, writes, items, columns, planes = 1 }) {
      const lanes = tile ? tile.rowLanes * columns.lanes : preset.lanes;
      // Lanes beside each other share weights, or else numbers of the input, which those of a Linear layer do.
      const rowsFirst = !tile && !product.contiguous && planes <= MOST_PLANES;
      const most = Math.max(...Object.values(reads).map(({ size }) => size));
      await scope.run(phase, {
        name: `${product.prefix}/${name}`,
        texts: [product.map.text, ...texts],
        values: { ...shape, ...values, lanes, rowsFirst, textureReads: gpu.readsTextures(most) },
        resources: { ...reads, ...writes },
        workgroups: rowsFirst
          ? [...workgroupsFor(items, lanes), planes]
          : workgroupsFor(items * planes, lanes),
      });
    },
  };
}

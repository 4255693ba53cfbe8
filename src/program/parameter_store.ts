import { declareLayer, type Layer } from "../core/layer.ts";
import { Random } from "../core/random.ts";
import type { Shape } from "../core/shape.ts";
import type { Declarations, ParameterSpec, TensorSpec } from "../core/tensor_spec.ts";
import { countElements, formatShape, type Tensor } from "../formats/tensor.ts";
import type { Gpu } from "../gpu/gpu.ts";
import { type Allocation, Memory } from "./memory.ts";

/** A tensor and where it lies in its block. */
export interface StoredTensor {
  /** Its name, such as "layer.1.weight". */
  readonly name: string;
  /** What was declared. */
  readonly spec: TensorSpec;
  /** The index of its first number in the block. */
  readonly offset: number;
  /** How many numbers it has. */
  readonly length: number;
}

/** Tensors that lie in one buffer. */
export interface Block {
  /** The path of the part that declared it, and the name by which it asks for it. */
  readonly key: string;
  /** The path of the part. */
  readonly owner: string;
  /** The tensors, in the order in which they lie. */
  readonly tensors: readonly StoredTensor[];
  /** How many numbers there are. */
  readonly size: number;
  /** f32, `size` rounded up to a multiple of 4. */
  readonly values: GPUBuffer;
  /** Whether they are learned, or only kept. */
  readonly learned: boolean;
  /** Whether weight decay counts for them. */
  readonly decays: boolean;
}

/** What is wrong with tensors that are to be loaded. */
export interface TensorFlaws {
  /** Names that a network has and the tensors haven't. */
  readonly missing: readonly string[];
  /** Names that the tensors have and the network hasn't. */
  readonly unexpected: readonly string[];
  /** Tensors of another shape or type than the network's, each as a sentence says it. */
  readonly misfits: readonly string[];
}

/** What a network learns and keeps, on the device: all its programs read the same buffers. */
export class ParameterStore implements Disposable {
  readonly #gpu: Gpu;
  readonly #memory: Memory;
  readonly #blocks = new Map<string, Block>();

  /**
   * Makes room for what a network declares, and fills it with its first values.
   *
   * @param gpu The device.
   * @param root The name that all paths begin with.
   * @param network The network.
   * @param input What a sample has that comes in.
   * @param key What the first values are drawn from.
   */
  constructor(gpu: Gpu, root: string, network: Layer, input: Shape, key: readonly number[]) {
    this.#gpu = gpu;
    this.#memory = new Memory(gpu);
    try {
      declareLayer(root, network, this.#declarations(root), input);
      const random = new Random(...key);
      for (const block of this.#blocks.values()) {
        this.#write(block, (spec) => spec.init(random));
      }
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  #declarations(owner: string): Declarations {
    return {
      child: (name) => this.#declarations(`${owner}.${name}`),
      parameter: (name, spec, options) =>
        this.#declare(owner, name, { ...options, tensors: { [name]: spec } }, true),
      parameters: (name, spec) => this.#declare(owner, name, spec, true),
      state: (name, spec) => this.#declare(owner, name, { tensors: { [name]: spec } }, false),
    };
  }

  #declare(owner: string, name: string, spec: ParameterSpec, learned: boolean): void {
    const key = `${owner}.${name}`;
    if (this.#blocks.has(key)) throw new TypeError(`Cannot declare "${key}" twice`);
    let size = 0;
    const tensors = Object.entries(spec.tensors).map(([name, spec]): StoredTensor => {
      const length = countElements(spec.shape);
      const offset = size;
      size += length;
      return { name: `${owner}.${name}`, spec, offset, length };
    });
    const bytes = Math.ceil(size / 4) * 16;
    const values = this.#memory.buffer(owner, bytes, learned ? "parameters" : "state");
    this.#blocks.set(key, {
      key,
      owner,
      tensors,
      size,
      values,
      learned,
      decays: spec.decays ?? true,
    });
  }

  /** The buffers. */
  get allocations(): Allocation[] {
    return this.#memory.allocations;
  }

  /** All that is learned or kept, in the order in which it was declared. */
  get blocks(): readonly Block[] {
    return [...this.#blocks.values()];
  }

  /** What is learned. */
  get learned(): readonly Block[] {
    return this.blocks.filter(({ learned }) => learned);
  }

  /**
   * Whether a part, or a part of it, learns.
   *
   * @param path The part's path.
   */
  learns(path: string): boolean {
    return this.learned.some(({ owner }) => owner === path || owner.startsWith(`${path}.`));
  }

  /**
   * What a part declared.
   *
   * @param owner The part's path.
   * @param name The name that it was declared by.
   * @param learned Whether as a parameter.
   * @throws {TypeError} If nothing of that name was declared.
   */
  block(owner: string, name: string, learned: boolean): Block {
    const block = this.#blocks.get(`${owner}.${name}`);
    if (block?.learned === learned) return block;
    const what = learned ? "parameter" : "state";
    throw new TypeError(
      `Cannot find the ${what} "${name}" of ${owner} as its declare() says nothing of it`,
    );
  }

  /**
   * Names the numbers of buffers that lie as a block does.
   *
   * @param block The block.
   * @param values The numbers.
   * @param suffix What the names end in, as those of an optimizer do.
   * @returns The tensors, in PyTorch's order.
   */
  tensorsOf(block: Block, values: Float32Array<ArrayBuffer>, suffix = ""): [string, Tensor][] {
    return block.tensors.map(({ name, spec, offset, length }) => {
      const own = values.slice(offset, offset + length);
      return [name + suffix, { shape: [...spec.shape], data: spec.order?.toFile(own) ?? own }];
    });
  }

  /**
   * What is wrong with tensors that are to be loaded.
   *
   * @param tensors The tensors.
   * @returns The flaws.
   */
  flawsOf(tensors: ReadonlyMap<string, Tensor>): TensorFlaws {
    const own = this.blocks.flatMap(({ tensors }) => tensors);
    const names = new Set(own.map(({ name }) => name));
    return {
      missing: own.map(({ name }) => name).filter((name) => !tensors.has(name)),
      // PyTorch's norms count their batches; nothing reads it.
      unexpected: [...tensors.keys()].filter((name) =>
        !names.has(name) && !names.has(name.replace(/\bnum_batches_tracked$/, "running_mean"))
      ),
      misfits: own.flatMap(({ name, spec }) => {
        const tensor = tensors.get(name);
        return tensor ? misfit(`"${name}"`, tensor, spec.shape) : [];
      }),
    };
  }

  /**
   * Fills blocks from tensors.
   *
   * @param tensors The tensors, checked; those that are missing are left out.
   */
  load(tensors: ReadonlyMap<string, Tensor>): void {
    for (const block of this.#blocks.values()) {
      if (block.tensors.every(({ name }) => !tensors.has(name))) continue;
      for (const { name, spec, offset } of block.tensors) {
        const tensor = tensors.get(name);
        if (tensor) this.#gpu.write(block.values, deviceOrder(spec, floatsOf(tensor)), 4 * offset);
      }
    }
  }

  #write(block: Block, valuesOf: (spec: TensorSpec) => ArrayLike<number>): void {
    this.#gpu.write(
      block.values,
      joined(block, ({ spec }) => deviceOrder(spec, valuesOf(spec))),
    );
  }

  /** Frees the buffers. */
  dispose(): void {
    this.#memory.dispose();
  }

  /** Calls {@linkcode ParameterStore.dispose}. */
  [Symbol.dispose](): void {
    this.dispose();
  }
}

/**
 * The numbers of a block from those of its tensors.
 *
 * @param block The block.
 * @param valuesOf A tensor's numbers, in the order of the device.
 * @returns As many as the block has.
 */
export function joined(
  block: Block,
  valuesOf: (tensor: StoredTensor) => ArrayLike<number>,
): Float32Array<ArrayBuffer> {
  const values = new Float32Array(block.size);
  for (const tensor of block.tensors) values.set(valuesOf(tensor), tensor.offset);
  return values;
}

/**
 * A tensor's numbers as they lie on the device.
 *
 * @param spec The tensor.
 * @param values The numbers, in PyTorch's order.
 * @returns The same numbers.
 */
export function deviceOrder(
  spec: TensorSpec,
  values: ArrayLike<number>,
): Float32Array<ArrayBuffer> {
  return spec.order?.toDevice(values) ?? Float32Array.from(values);
}

/**
 * Says what is wrong with a tensor that is to be loaded.
 *
 * @param name What to call it.
 * @param tensor The tensor.
 * @param shape The shape that it must have.
 * @returns The flaw; none if there is none.
 */
export function misfit(name: string, { shape, data }: Tensor, wanted: Shape): string[] {
  const isFloat = data instanceof Float32Array || data instanceof Float64Array;
  // A single number is often saved as a list of one.
  const fits = data.length === countElements(wanted) &&
    (wanted.length === 0 || formatShape(shape) === formatShape(wanted));
  if (isFloat && fits) return [];
  return [
    `${name} must be float32 ${formatShape(wanted)}: it is ${data.constructor.name} ` +
    formatShape(shape),
  ];
}

/**
 * A tensor's numbers as float32.
 *
 * @param tensor The tensor.
 * @returns Its numbers.
 */
export function floatsOf({ data }: Tensor): Float32Array {
  return data instanceof Float32Array ? data : Float32Array.from(data as Float64Array);
}

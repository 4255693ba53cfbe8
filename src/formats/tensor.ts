/** The arrays of numbers that `.npy` and safetensors files hold. */
export type TensorData =
  | Float64Array
  | Float32Array
  | BigInt64Array
  | BigUint64Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array;

/** An array of numbers of any rank; its elements' type is that of `data`. */
export interface Tensor {
  /** The size of each dimension, the outermost first; of a scalar `[]`. */
  readonly shape: readonly number[];
  /** The elements, row major: `shape`'s product of them. */
  readonly data: TensorData;
}

/** A type of elements, and what the formats call it. */
export interface ElementType {
  readonly npy: string;
  readonly safetensors: string;
  readonly Array: {
    new (buffer: ArrayBuffer): TensorData;
    readonly name: string;
    readonly BYTES_PER_ELEMENT: number;
  };
}

/** All types of elements, the largest first. */
export const ELEMENT_TYPES: readonly ElementType[] = [
  { npy: "<f8", safetensors: "F64", Array: Float64Array },
  { npy: "<i8", safetensors: "I64", Array: BigInt64Array },
  { npy: "<u8", safetensors: "U64", Array: BigUint64Array },
  { npy: "<f4", safetensors: "F32", Array: Float32Array },
  { npy: "<i4", safetensors: "I32", Array: Int32Array },
  { npy: "<u4", safetensors: "U32", Array: Uint32Array },
  { npy: "<i2", safetensors: "I16", Array: Int16Array },
  { npy: "<u2", safetensors: "U16", Array: Uint16Array },
  { npy: "|i1", safetensors: "I8", Array: Int8Array },
  { npy: "|u1", safetensors: "U8", Array: Uint8Array },
];

/**
 * The number of a shape's elements, or some number beyond the safe integers if there are more.
 *
 * @param shape The size of each dimension.
 * @returns The number.
 */
export function countElements(shape: readonly number[]): number {
  return shape.includes(0) ? 0 : shape.reduce((product, size) => product * size, 1);
}

/**
 * Says a shape, for messages.
 *
 * @param shape The size of each dimension.
 * @returns Such as "[2, 3]".
 */
export function formatShape(shape: readonly number[]): string {
  return `[${shape.join(", ")}]`;
}

/**
 * Checks a tensor that is to be encoded.
 *
 * @param what What can't be done otherwise, such as "Cannot encode as npy".
 * @param tensor The tensor.
 * @returns The type of its elements.
 * @throws {TypeError} If the data is no array of a supported type, or doesn't fit the shape.
 * @throws {RangeError} If a size isn't an integer of at least 0.
 */
export function checkTensor(what: string, { shape, data }: Tensor): ElementType {
  const type = ELEMENT_TYPES.find(({ Array }) => data instanceof Array);
  if (!type) {
    const supported = ELEMENT_TYPES.map(({ Array }) => Array.name);
    throw new TypeError(
      `${what} as the data must be one of ${supported.join(", ")}: it is ${
        Object.prototype.toString.call(data).slice(8, -1)
      }`,
    );
  }
  if (!shape.every((size) => Number.isSafeInteger(size) && size >= 0)) {
    throw new RangeError(
      `${what} as the shape must consist of integers of at least 0: it is ${formatShape(shape)}`,
    );
  }
  if (countElements(shape) !== data.length) {
    throw new TypeError(
      `${what} as the shape ${formatShape(shape)} takes ${countElements(shape)} elements: ` +
        `there are ${data.length}`,
    );
  }
  return type;
}

/**
 * The bytes of an array's elements.
 *
 * @param data The array.
 * @returns A view.
 */
export function bytesOf(data: TensorData): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/**
 * Copies elements out of a file, wherever in it they are.
 *
 * @param type The elements' type.
 * @param bytes Their bytes.
 * @returns The elements.
 */
export function elementsOf(type: ElementType, bytes: Uint8Array): TensorData {
  return new type.Array(new Uint8Array(bytes).buffer);
}

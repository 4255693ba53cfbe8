import { countBytes } from "./count_bytes.ts";
import { type DecodeOptions, type Flaw, flawOf } from "./decode_options.ts";
import {
  bytesOf,
  checkTensor,
  countElements,
  ELEMENT_TYPES,
  elementsOf,
  type ElementType,
  formatShape,
  type Tensor,
} from "./tensor.ts";

/** The contents of a safetensors file. */
export interface Safetensors {
  /** The tensors by their names. */
  readonly tensors: ReadonlyMap<string, Tensor>;
  /** What the file says of itself; `{}` if nothing. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** A file starts with the header's length, a 64-bit integer. */
const PREFIX_BYTES = 8;

/** The data starts at a multiple of this. */
const ALIGNMENT = 8;

/** The name in the header that is no tensor's. */
const METADATA = "__metadata__";

/** A tensor as the header describes it, its bytes counted from the start of the data. */
interface Entry {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: number[];
  readonly start: number;
  readonly end: number;
}

/**
 * Encodes tensors as a safetensors file.
 *
 * @param tensors The tensors by their names.
 * @param metadata What the file shall say of itself.
 * @returns The file's bytes. Larger elements come first, so that all are aligned.
 * @throws {TypeError} If a tensor's data doesn't fit its shape.
 * @throws {RangeError} If a shape has a size below 0, or a tensor is called `__metadata__`.
 *
 * @example
 * ```ts
 * import { decodeSafetensors, encodeSafetensors } from "@galvani/snn/formats";
 * import { assertEquals } from "@std/assert";
 *
 * const weight = { shape: [1, 2], data: new Float32Array([0.5, -1]) };
 * const bytes = encodeSafetensors(new Map([["layer.1.weight", weight]]), { epoch: "3" });
 * const { tensors, metadata } = decodeSafetensors(bytes);
 * assertEquals(tensors.get("layer.1.weight"), weight);
 * assertEquals(metadata, { epoch: "3" });
 * ```
 */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, Tensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  if (tensors.has(METADATA)) {
    throw new RangeError(`Cannot encode as safetensors as no tensor may be called ${METADATA}`);
  }
  const sorted = Array.from(tensors, ([name, tensor]) => {
    const type = checkTensor(`Cannot encode "${name}" as safetensors`, tensor);
    return { name, ...tensor, type };
  }).sort((a, b) => b.type.Array.BYTES_PER_ELEMENT - a.type.Array.BYTES_PER_ELEMENT);

  const entries: [string, unknown][] = Object.keys(metadata).length > 0
    ? [[METADATA, metadata]]
    : [];
  let end = 0;
  for (const { name, shape, data, type } of sorted) {
    const start = end;
    end += data.byteLength;
    entries.push([name, { dtype: type.safetensors, shape, data_offsets: [start, end] }]);
  }
  const header = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)));
  const headerBytes = Math.ceil(header.length / ALIGNMENT) * ALIGNMENT;
  const bytes = new Uint8Array(PREFIX_BYTES + headerBytes + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerBytes), true);
  bytes.fill(0x20, PREFIX_BYTES, PREFIX_BYTES + headerBytes);
  bytes.set(header, PREFIX_BYTES);
  let start = PREFIX_BYTES + headerBytes;
  for (const { data } of sorted) {
    bytes.set(bytesOf(data), start);
    start += data.byteLength;
  }
  return bytes;
}

/**
 * Decodes a safetensors file.
 *
 * @param bytes The file's bytes.
 * @param options What to call the file.
 * @returns The tensors, in the order of their data, which is copied.
 * @throws {FormatError} If the file is damaged, or holds elements of a type that no typed array
 * has, such as `BF16`.
 *
 * @example
 * ```ts
 * import { decodeSafetensors, FormatError } from "@galvani/snn/formats";
 * import { assertThrows } from "@std/assert";
 *
 * assertThrows(() => decodeSafetensors(new Uint8Array(3), { name: "net.safetensors" }), FormatError);
 * ```
 */
export function decodeSafetensors(bytes: Uint8Array, options: DecodeOptions = {}): Safetensors {
  const flaw = flawOf("safetensors", options);
  const { [METADATA]: metadata = {}, ...header } = parseHeader(bytes, flaw);
  if (!isRecord(metadata) || !Object.values(metadata).every((value) => typeof value === "string")) {
    throw flaw("its metadata aren't strings by their names", PREFIX_BYTES);
  }
  const start = PREFIX_BYTES + headerBytesOf(bytes);
  const entries = Object.entries(header)
    .map(([name, entry]) => parseEntry(name, entry, flaw))
    .sort((a, b) => a.start - b.start || a.end - b.end);

  const tensors = new Map<string, Tensor>();
  let end = 0;
  for (const entry of entries) {
    if (entry.start !== end) {
      throw flaw(
        `${quote(entry.name)} starts at byte ${entry.start} of the data: ` +
          `the tensor before it ends at ${end}`,
        Math.min(start + end, bytes.length),
      );
    }
    end = entry.end;
    if (start + end > bytes.length) {
      throw flaw(
        `it is truncated: ${quote(entry.name)} ends at byte ${end} of the data, ` +
          `which has ${bytes.length - start}`,
        bytes.length,
      );
    }
    const data = elementsOf(entry.type, bytes.subarray(start + entry.start, start + end));
    tensors.set(entry.name, { shape: entry.shape, data });
  }
  if (start + end !== bytes.length) {
    throw flaw(
      `${countBytes(bytes.length - start - end)} of its data belong to no tensor`,
      start + end,
    );
  }
  return { tensors, metadata: metadata as Record<string, string> };
}

/** The header's length; the file has at least 8 bytes. */
function headerBytesOf(bytes: Uint8Array): number {
  return Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
}

/** The header, an object of whatever. */
function parseHeader(bytes: Uint8Array, flaw: Flaw): Record<string, unknown> {
  if (bytes.length < PREFIX_BYTES) {
    throw flaw(`it has ${countBytes(bytes.length)}, fewer than any header`, bytes.length);
  }
  const headerBytes = headerBytesOf(bytes);
  if (headerBytes > bytes.length - PREFIX_BYTES) {
    throw flaw(
      `its header claims ${countBytes(headerBytes)}, but ${bytes.length - PREFIX_BYTES} follow`,
      0,
    );
  }
  let header: unknown;
  try {
    const text = new TextDecoder("utf-8", { fatal: true })
      .decode(bytes.subarray(PREFIX_BYTES, PREFIX_BYTES + headerBytes));
    header = JSON.parse(text);
  } catch (cause) {
    throw flaw("its header isn't JSON", PREFIX_BYTES, cause);
  }
  if (!isRecord(header)) throw flaw("its header isn't an object", PREFIX_BYTES);
  return header;
}

/** A tensor's part of the header, which agrees with itself. */
function parseEntry(name: string, entry: unknown, flaw: Flaw): Entry {
  if (
    !isRecord(entry) || typeof entry.dtype !== "string" || !isSizes(entry.shape) ||
    !isSizes(entry.data_offsets) || entry.data_offsets.length !== 2
  ) {
    throw flaw(`${quote(name)} lacks a valid dtype, shape or data_offsets`, PREFIX_BYTES);
  }
  const type = ELEMENT_TYPES.find(({ safetensors }) => safetensors === entry.dtype);
  if (!type) {
    const supported = ELEMENT_TYPES.map(({ safetensors }) => safetensors).join(", ");
    throw flaw(
      `${quote(name)} is of the type ${quote(entry.dtype)}: supported are ${supported}`,
      PREFIX_BYTES,
    );
  }
  const [start = 0, end = 0] = entry.data_offsets;
  const expected = countElements(entry.shape) * type.Array.BYTES_PER_ELEMENT;
  if (end - start !== expected) {
    throw flaw(
      `${quote(name)} of the shape ${formatShape(entry.shape.slice(0, 8))} takes ${
        countBytes(expected)
      }, but has those from ${start} to ${end}`,
      PREFIX_BYTES,
    );
  }
  return { name, type, shape: entry.shape, start, end };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

/** A text from the file, short and in one line. */
function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}...` : text);
}

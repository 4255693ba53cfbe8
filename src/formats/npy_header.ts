import { countBytes } from "./count_bytes.ts";
import type { Flaw } from "./decode_options.ts";
import { pythonIntegers, pythonString, splitPythonDict } from "./python_dict.ts";
import { ELEMENT_TYPES, type ElementType } from "./tensor.ts";

/** A file starts with this and its version: two bytes. */
export const NPY_MAGIC: Uint8Array = new Uint8Array([0x93, ...new TextEncoder().encode("NUMPY")]);

/** NumPy's limit. */
export const MOST_DIMENSIONS = 64;

/** What a header says. */
export interface NpyHeader {
  /** The elements' type. */
  readonly type: ElementType;
  /** Whether the elements are truth values, a byte each. */
  readonly bool: boolean;
  /** The size of each dimension. */
  readonly shape: readonly number[];
  /** Where the elements begin, in bytes from the file's start. */
  readonly start: number;
}

/** What the dictionary has to have: NumPy refuses a file with less or more. */
const KEYS = ["descr", "fortran_order", "shape"];

/**
 * Reads the header of a `.npy` file of version 1.0, 2.0 or 3.0.
 *
 * @param bytes The file's bytes.
 * @param flaw Makes the errors.
 * @returns What it says.
 * @throws {FormatError} If it is damaged, or tells of what isn't supported.
 */
export function readNpyHeader(bytes: Uint8Array, flaw: Flaw): NpyHeader {
  const { text, textStart, start } = headerText(bytes, flaw);
  const entries = splitPythonDict(text);
  if (!entries) throw flaw("its header isn't the literal of a Python dictionary", textStart);
  if (entries.size !== KEYS.length || !KEYS.every((key) => entries.has(key))) {
    const names = [...entries.keys()].join(", ");
    throw flaw(
      `its header must name ${KEYS.join(", ")} and nothing else: it names ${
        names.slice(0, 80) || "nothing"
      }`,
      textStart,
    );
  }
  const { type, bool } = elementType(entries.get("descr")!, textStart, flaw);
  const shape = pythonIntegers(entries.get("shape")!);
  if (!shape || shape.length > MOST_DIMENSIONS) {
    throw flaw(`its shape isn't a tuple of up to ${MOST_DIMENSIONS} integers`, textStart);
  }
  const order = entries.get("fortran_order")!;
  if (order !== "True" && order !== "False") {
    throw flaw(
      `its fortran_order must be True or False: it is ${JSON.stringify(order.slice(0, 20))}`,
      textStart,
    );
  }
  // With fewer dimensions that are longer than 1, both orders are the same.
  if (order === "True" && shape.filter((size) => size !== 1).length > 1) {
    throw flaw("it is in Fortran's order: only C's is supported", textStart);
  }
  return { type, bool, shape, start };
}

function headerText(bytes: Uint8Array, flaw: Flaw) {
  const at = NPY_MAGIC.length;
  if (NPY_MAGIC.some((byte, index) => bytes[index] !== byte)) {
    throw flaw('it doesn\'t start with the byte 0x93 and "NUMPY"', 0);
  }
  const [major = 1, minor = 0] = bytes.subarray(at, at + 2);
  if (major < 1 || major > 3 || minor !== 0) {
    throw flaw(`it is of version ${major}.${minor}: supported are 1.0, 2.0 and 3.0`, at);
  }
  const textStart = at + 2 + (major === 1 ? 2 : 4);
  if (bytes.length < textStart) {
    throw flaw(`it ends after ${countBytes(bytes.length)}, within its header`, bytes.length);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const length = major === 1 ? view.getUint16(at + 2, true) : view.getUint32(at + 2, true);
  const start = textStart + length;
  if (bytes.length < start) {
    throw flaw(
      `its header claims ${countBytes(length)}, but ${bytes.length - textStart} follow`,
      at + 2,
    );
  }
  const decoder = new TextDecoder(major === 3 ? "utf-8" : "latin1");
  return { text: decoder.decode(bytes.subarray(textStart, start)), textStart, start };
}

function elementType(literal: string, at: number, flaw: Flaw) {
  const descr = pythonString(literal);
  // The order of bytes doesn't matter where there is one; NumPy itself writes "|" there.
  const name = descr?.replace(/^[<>=]?([bui]1)$/, "|$1");
  const bool = name === "|b1";
  const type = ELEMENT_TYPES.find(({ npy }) => npy === (bool ? "|u1" : name));
  if (type) return { type, bool };
  const supported = ELEMENT_TYPES.map(({ npy }) => npy).join(", ");
  throw flaw(
    `its elements are of the type ${
      JSON.stringify((descr ?? literal).slice(0, 20))
    }: supported are ${supported}, |b1`,
    at,
  );
}

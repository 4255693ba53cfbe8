import { ELEMENT_TYPES, type ElementType } from "../tensor.ts";
import type { FileBytes } from "./file_bytes.ts";
import type { Message } from "./object_header.ts";

/** What the elements of a data set are. */
export type Datatype =
  /** Numbers, whose bytes may be the wrong way round. */
  | { readonly kind: "numbers"; readonly bytes: number; type: ElementType; bigEndian: boolean }
  /** Texts in place, padded. */
  | { readonly kind: "padded"; readonly bytes: number }
  /** Texts that lie in a heap. */
  | { readonly kind: "heaped"; readonly bytes: number };

const WHAT = "a datatype";
const OTHERS: Readonly<Record<number, string>> = {
  2: "times",
  4: "bit fields",
  5: "opaque elements",
  6: "compounds",
  7: "references",
  9: "sequences",
  10: "arrays",
};

/**
 * Reads what the elements of a data set are.
 *
 * @param file The file.
 * @param message The message that says it.
 * @returns The type.
 * @throws {FormatError} If it isn't integers, floats of 32 or 64 bits, or texts.
 */
export function readDatatype(file: FileBytes, { at, size, shared }: Message): Datatype {
  if (shared) throw file.flaw(`${WHAT} has a name, which isn't supported`, at);
  if (size < 8) throw file.flaw(`${WHAT} is too short`, at);
  file.need(at, size, WHAT);
  const kind = file.u8(at, WHAT) & 15;
  const flags = file.uint(at + 1, 3, WHAT);
  const bytes = file.u32(at + 4, WHAT);
  // Booleans are an enumeration of integers, whose type follows.
  if (kind === 8) return readDatatype(file, { kind: 0, at: at + 8, size: size - 8, shared });
  if (kind === 3 && bytes > 0) return { kind: "padded", bytes };
  if (kind === 9 && (flags & 15) === 1 && bytes === 16) return { kind: "heaped", bytes };
  const name = kind === 0
    ? integerName(file, at, flags, bytes)
    : kind === 1
    ? floatName(file, at, flags, bytes)
    : undefined;
  const type = ELEMENT_TYPES.find(({ safetensors }) => safetensors === name);
  if (type) return { kind: "numbers", bytes, type, bigEndian: (flags & 1) === 1 };
  const text = kind === 0 || kind === 1
    ? `${kind === 0 ? "integers" : "floats"} of ${8 * bytes} bits, or of unusual ones`
    : OTHERS[kind] ?? `kind ${kind}`;
  throw file.flaw(`it holds elements that aren't supported: ${text}`, at);
}

/** Such as "I64"; the bits must fill the bytes. */
function integerName(file: FileBytes, at: number, flags: number, bytes: number) {
  const filled = file.u16(at + 8, WHAT) === 0 && file.u16(at + 10, WHAT) === 8 * bytes;
  return filled ? `${flags & 8 ? "I" : "U"}${8 * bytes}` : undefined;
}

/** Such as "F32"; only IEEE's two. */
function floatName(file: FileBytes, at: number, flags: number, bytes: number) {
  const mantissa = file.u8(at + 15, WHAT);
  const isVax = (flags & 0x40) !== 0;
  const fits = bytes === 4 && mantissa === 23 || bytes === 8 && mantissa === 52;
  return fits && !isVax ? `F${8 * bytes}` : undefined;
}

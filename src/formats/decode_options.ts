import { FormatError } from "./format_error.ts";

/** Options of each function that decodes a file. */
export interface DecodeOptions {
  /** What to call the file in error messages. By default "the bytes". */
  name?: string;
}

/** Makes the error of a flaw at an offset. */
export type Flaw = (reason: string, offset: number, cause?: unknown) => FormatError;

/**
 * Makes the function that makes a decoder's errors.
 *
 * @param format The format's name.
 * @param options The options that the decoder was given.
 * @returns The function.
 */
export function flawOf(format: string, options: DecodeOptions): Flaw {
  return (reason, offset, cause) =>
    new FormatError(reason, { ...options, format, offset, ...(cause ? { cause } : {}) });
}

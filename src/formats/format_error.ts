/** What {@linkcode FormatError} needs to know besides the flaw. */
export interface FormatErrorOptions extends ErrorOptions {
  /** The format's name, such as "PNG". */
  format: string;
  /** Where in the file the flaw is, in bytes from its start. */
  offset: number;
  /** What to call the file in the message. By default "the bytes". */
  name?: string;
}

/**
 * A file that is damaged, truncated or not what it should be.
 *
 * @example
 * ```ts
 * import { FormatError } from "@galvani/snn/formats";
 * import { assertEquals } from "@std/assert";
 *
 * const error = new FormatError("it has no pixels", { format: "PNG", offset: 16, name: "a.png" });
 * assertEquals(error.message, 'Cannot read "a.png" as PNG as it has no pixels (at byte 16)');
 * ```
 */
export class FormatError extends SyntaxError {
  /** The class's name. */
  override readonly name = "FormatError";

  /** Where in the file the flaw is, in bytes from its start. */
  readonly offset: number;

  /**
   * Makes the error of a flaw.
   *
   * @param reason What is wrong, such as "it is truncated".
   * @param options The format, the place and the file's name.
   */
  constructor(reason: string, options: FormatErrorOptions) {
    const { format, offset, name } = options;
    const what = name === undefined ? "the bytes" : `"${name}"`;
    super(`Cannot read ${what} as ${format} as ${reason} (at byte ${offset})`, options);
    this.offset = offset;
  }
}

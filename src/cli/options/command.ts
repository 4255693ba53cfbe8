import type { OptionValue } from "./option_kind.ts";
import type { Option } from "./option.ts";

/** What a command takes: parsing, its help and the tables of the docs follow from it. */
export interface Command<O> {
  /** Its name. */
  readonly name: string;
  /** What it does, for the list of commands. */
  readonly summary: string;
  /** More of that, for its own help. */
  readonly description: string;
  /** Its arguments that are no options, all of them needed. */
  readonly positionals: readonly Positional<O>[];
  /** Its options. */
  readonly options: readonly Option<O>[];
  /** Arguments of calls that show what it can do. */
  readonly examples: readonly string[];
  /**
   * Options that others stand for: each is given where it isn't itself.
   *
   * @param given Those that were given.
   * @returns The others, by their fields.
   */
  readonly preset?: (given: O) => Readonly<Record<string, OptionValue>>;
  /**
   * Whether the work checks options against each other, as some of them are in a file.
   *
   * @param options The options.
   * @returns Whether.
   */
  readonly checksLater?: (options: O) => boolean;
}

/** An argument that is no option. */
export interface Positional<O> {
  /** The field of the options. */
  readonly field: keyof O & string;
  /** What stands for it in the help. */
  readonly name: string;
  /** What it is. */
  readonly help: string;
  /** Whether there may be several, of which the field is a list: of the last one only. */
  readonly repeats?: boolean;
}

/**
 * What stands for an argument in a call.
 *
 * @param positional The argument.
 * @returns The text, such as `LOG_DIR...`.
 */
export const placeOf = ({ name, repeats }: Pick<Positional<never>, "name" | "repeats">): string =>
  repeats ? `${name}...` : name;

import { alternatives, type OptionKind } from "./option_kind.ts";

/** An option of a command whose options are an `O`. */
export interface Option<O> {
  /** The field of the options. */
  readonly field: keyof O & string;
  /** Its names without dashes, the shortest first. */
  readonly names: readonly string[];
  /** What it takes. */
  readonly kind: OptionKind;
  /** What it is where it isn't given. */
  readonly fallback?: string | DerivedDefault<O>;
  /** What it is for. */
  readonly help: string;
  /** The choices of another option that it goes with; any without it. */
  readonly only?: OnlyWith<O>;
  /**
   * Checks it, where it is given, against the others.
   *
   * @param options All options.
   * @param given The fields that were given.
   * @returns What is wrong, to follow the option's name in the message; nothing if all is well.
   */
  readonly check?: (options: O, given: ReadonlySet<string>) => string | undefined;
}

/** An option of any command, as a row of a table that types follow from. */
export interface OptionRow
  extends Omit<Option<Record<string, unknown>>, "fallback" | "only" | "check"> {
  /** What it is where it isn't given. */
  readonly fallback?: string | DerivedDefault<never>;
  /** The choices of another option that it goes with. */
  readonly only?: OnlyWith<never>;
  /** Checks it against the others. */
  readonly check?: (options: never, given: ReadonlySet<string>) => string | undefined;
}

/** What an option of a kind is. */
type ValueOf<Kind> = Kind extends { type: "flag" } ? boolean
  : Kind extends { type: "text" } ? string
  : Kind extends { type: "choice"; choices: readonly (infer Choice)[] } ? Choice
  : Kind extends { type: "integers" } ? readonly number[]
  : number;

/** Whether an option always has a value. */
type HasValue<Row> = Row extends { kind: { type: "flag" } } | { fallback: string } ? true
  : Row extends { fallback: { of: (options: never) => string } } ? true
  : false;

/** The options of a table, from its rows: those without a default may be absent. */
export type OptionsOf<Row extends OptionRow> =
  & { readonly [R in Row as HasValue<R> extends true ? R["field"] : never]: ValueOf<R["kind"]> }
  & { readonly [R in Row as HasValue<R> extends true ? never : R["field"]]?: ValueOf<R["kind"]> };

/** A default that follows from other options. */
export interface DerivedDefault<O> {
  /** What the help says. */
  readonly text: string;
  /** The default as it would be given; nothing if there is no value. */
  readonly of: (options: O) => string | undefined;
}

/** The choices of an option that another goes with. */
export interface OnlyWith<O> {
  /** The option's field. */
  readonly field: keyof O & string;
  /** Its choices. */
  readonly choices: readonly string[];
}

/** The options of every command, which ask for information. */
export const INFORMATION: readonly { readonly names: readonly string[]; readonly help: string }[] =
  [
    { names: ["h", "help"], help: "Show this help" },
    { names: ["version"], help: "Show the version" },
  ];

/**
 * A name as it is given.
 *
 * @param name The name without dashes.
 * @returns The name with them.
 */
export const dashed = (name: string): string => name.length === 1 ? `-${name}` : `--${name}`;

/**
 * All names of an option.
 *
 * @param option The option.
 * @returns The names with their dashes.
 */
export const allNames = ({ names }: { readonly names: readonly string[] }): string =>
  names.map(dashed).join(", ");

/**
 * The name by which other options' texts call an option: the shortest that is a word.
 *
 * @param options The command's options.
 * @param field The option's field.
 * @returns The name with its dashes.
 */
export function wordOf<O>(options: readonly Option<O>[], field: keyof O): string {
  const { names } = options.find((option) => option.field === field)!;
  return dashed(names.find(({ length }) => length > 1)!);
}

/**
 * What an option goes with.
 *
 * @param options The command's options.
 * @param only The choices of the other option.
 * @returns The text, such as "--opt sgd".
 */
export function describeOnly<O>(
  options: readonly Option<O>[],
  { field, choices }: OnlyWith<O>,
): string {
  return `${wordOf(options, field)} ${alternatives(choices)}`;
}

import { parseArgs } from "@std/cli/parse-args";
import type { Command } from "./command.ts";
import { nearest } from "./nearest.ts";
import { allNames, dashed, describeOnly, INFORMATION, type Option, wordOf } from "./option.ts";
import { describeKind, type OptionValue, parseValue } from "./option_kind.ts";
import { UsageError } from "../usage_error.ts";

/** What arguments say. */
export interface Parsed<O> {
  /** All options, with their defaults where they weren't given. */
  readonly options: O;
  /** The fields of those that were given. */
  readonly given: ReadonlySet<keyof O>;
}

/** Options as they are put together. */
type Values<O> = Partial<Record<keyof O & string, OptionValue | readonly string[]>>;

const INFORMATION_NAMES = INFORMATION.flatMap(({ names }) => names);
const isFlag = ({ kind }: Pick<Option<unknown>, "kind">) => kind.type === "flag";

/**
 * Reads the arguments of a command.
 *
 * @param command What the command takes.
 * @param args The arguments after its name.
 * @returns The options, or which information was asked for instead.
 * @throws {UsageError} If an argument is wrong, or two don't go together.
 */
export function parseArguments<O extends object>(
  command: Command<O>,
  args: readonly string[],
): Parsed<O> | "help" | "version" {
  const { options: table, positionals } = command;
  const parsed: Record<string, unknown> = parseArgs(explicitValues(command, args), {
    string: ["_", ...table.filter((option) => !isFlag(option)).flatMap(({ names }) => names)],
    boolean: [...table.filter(isFlag).flatMap(({ names }) => names), ...INFORMATION_NAMES],
    alias: Object.fromEntries(
      [...table, ...INFORMATION]
        .filter(({ names }) => names.length > 1)
        .map(({ names: [first, ...others] }) => [first!, others]),
    ),
    unknown: (arg: string, key?: string) => {
      if (key !== undefined) throw unknownOption(command, arg, key);
      if (positionals.length === 0) throw unexpected(command, arg);
      return true;
    },
  });
  if (parsed["help"]) return "help";
  if (parsed["version"]) return "version";

  const values: Values<O> = {};
  const given = new Set<keyof O & string>();
  const words = (parsed["_"] as readonly unknown[]).map(String);
  const surplus = words[positionals.length];
  if (surplus !== undefined && !positionals.at(-1)?.repeats) throw unexpected(command, surplus);
  positionals.forEach(({ field, name, repeats }, i) => {
    if (!words[i]) throw new UsageError(`argument ${name} is missing`);
    values[field] = repeats ? words.slice(i) : words[i];
    given.add(field);
  });
  for (const option of table) {
    const value = parsed[option.names.at(-1)!];
    const text = Array.isArray(value) ? value.at(-1) : value;
    if (text === undefined || text === false) continue;
    values[option.field] = valueOf(option, String(text));
    given.add(option.field);
  }
  addPreset(command, values, given);
  const options = withDefaults(table, values);
  if (command.checksLater?.(options)) return { options, given };
  const flaw = findConflict(table, options, given);
  if (flaw !== undefined) throw new UsageError(flaw);
  return { options, given };
}

/** Adds the options that others stand for, but for those that don't go with what was given. */
function addPreset<O extends object>(
  { options: table, preset }: Command<O>,
  values: Values<O>,
  given: Set<keyof O & string>,
): void {
  const added = table.flatMap((option) => {
    const value = preset?.(values as O)[option.field];
    return value === undefined || given.has(option.field) ? [] : [{ option, value }];
  });
  for (const { option: { field }, value } of added) {
    values[field] = value;
    given.add(field);
  }
  for (const { option } of added) {
    if (!conflictOf(table, option, withDefaults(table, { ...values }), given)) continue;
    delete values[option.field];
    given.delete(option.field);
  }
}

/**
 * The options as they would be if some more had been given.
 *
 * @param command The command.
 * @param parsed What was given.
 * @param more The others.
 * @returns All options; those that weren't given may follow from the others.
 * @throws {UsageError} If some don't go together.
 */
export function withMore<O extends object>(
  command: Command<O>,
  { options, given }: Parsed<O>,
  more: Partial<O>,
): O {
  const all = new Set([...given, ...Object.keys(more)].map(String));
  const known = Object.entries({ ...options, ...more }).filter(([field]) => all.has(field));
  const changed = withDefaults(command.options, Object.fromEntries(known) as Values<O>);
  const flaw = findConflict(command.options, changed, all);
  if (flaw !== undefined) throw new UsageError(flaw);
  return changed;
}

/**
 * What an option is where it isn't given.
 *
 * @param option The option.
 * @param options The other options.
 * @returns The value; nothing if there is none.
 */
export function defaultOf<O>(option: Option<O>, options: O): OptionValue | undefined {
  const { kind, fallback } = option;
  if (kind.type === "flag") return false;
  const text = typeof fallback === "object" ? fallback.of(options) : fallback;
  return text === undefined ? undefined : valueOf(option, text);
}

/**
 * Checks options that were given against the others.
 *
 * @param table The command's options.
 * @param options Their values.
 * @param given The fields of those that were given.
 * @returns What is wrong, of the first that doesn't go with the others; nothing if all is well.
 */
export function findConflict<O>(
  table: readonly Option<O>[],
  options: O,
  given: ReadonlySet<string>,
): string | undefined {
  for (const option of table) {
    const wrong = given.has(option.field) ? conflictOf(table, option, options, given) : undefined;
    if (wrong !== undefined) return `option ${allNames(option)} ${wrong}`;
  }
  return undefined;
}

/** Why an option that was given doesn't go with the others; nothing if it does. */
function conflictOf<O>(
  table: readonly Option<O>[],
  { only, check }: Option<O>,
  options: O,
  given: ReadonlySet<string>,
): string | undefined {
  const other = only && String(options[only.field]);
  return only && !only.choices.includes(other!)
    ? `goes with ${describeOnly(table, only)} only: ${wordOf(table, only.field)} is ${other}`
    : check?.(options, given);
}

/** Adds what wasn't given: first what is always the same, then what follows from other options. */
function withDefaults<O>(table: readonly Option<O>[], values: Values<O>): O {
  const absent = table.filter(({ field }) => values[field] === undefined);
  const derived = absent.filter(({ fallback }) => typeof fallback === "object");
  for (const option of [...absent.filter((option) => !derived.includes(option)), ...derived]) {
    const value = defaultOf(option, values as O);
    if (value !== undefined) values[option.field] = value;
  }
  return values as O;
}

/**
 * Ties to their options the values that look like options or are empty, so that the message about
 * them names the option: `--seed -1` becomes `--seed=-1`. What flags can't have is refused.
 */
function explicitValues<O>(command: Command<O>, args: readonly string[]): string[] {
  const end = args.indexOf("--");
  const result: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    const next = args[i + 1];
    const isOption = end < 0 || i < end;
    const name = arg.replace(/=[^]*$/, "");
    const option = command.options
      .find(({ names }) => names.some((known) => dashed(known) === name));
    if (isOption && option === undefined && name.startsWith("--no-")) {
      throw unknownOption(command, name, name.slice(2));
    }
    if (!isOption || option === undefined) {
      result.push(arg);
    } else if (isFlag(option)) {
      if (arg !== name) {
        throw new UsageError(
          `option ${allNames(option)} takes no value: given ${quoted(arg.slice(name.length + 1))}`,
        );
      }
      if (next === "true" || next === "false") throw unexpected(command, next);
      result.push(arg);
    } else if (arg === `${name}=` || (arg === name && next === "")) {
      throw missing(option);
    } else if (arg === name && next !== undefined && /^-[\d.]/.test(next)) {
      result.push(`--${option.names.at(-1)!}=${next}`);
      i++;
    } else {
      result.push(arg);
    }
  }
  return result;
}

function valueOf<O>(option: Option<O>, text: string): OptionValue {
  const { kind } = option;
  if (text === "") throw missing(option);
  const value = parseValue(kind, text);
  if (value !== undefined) return value;
  const meant = kind.type === "choice" ? nearest(text, kind.choices) : undefined;
  throw new UsageError(
    `option ${allNames(option)} must be ${describeKind(kind)}: given ${quoted(text)}` +
      hint(meant),
  );
}

/** The text in quotes and on one line. */
const quoted = (text: string) => JSON.stringify(text);

const hint = (meant: string | undefined) => meant === undefined ? "" : `: did you mean ${meant}?`;

function unexpected<O>({ name, positionals }: Command<O>, arg: string): UsageError {
  const names = positionals.map(({ name }) => name).join(" and ");
  return new UsageError(
    `unexpected argument ${quoted(arg)}: ${name} takes ${names || "options"} only`,
  );
}

const missing = <O>(option: Option<O>) =>
  new UsageError(`option ${allNames(option)} needs a value: ${describeKind(option.kind)}`);

function unknownOption<O>(command: Command<O>, arg: string, key: string): UsageError {
  const words = [...command.options, ...INFORMATION].flatMap(({ names }) => names)
    .filter((name) => name.length > 1);
  const near = nearest(key, words);
  return new UsageError(
    `unknown option ${quoted(arg.split("=")[0]!).slice(1, -1)}` + hint(near && dashed(near)),
  );
}

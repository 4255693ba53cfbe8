import { parseArgs } from "@std/cli/parse-args";
import { nearest } from "./nearest.ts";
import { describeKind, type OptionValue, parseValue } from "./option_kind.ts";
import {
  allNames,
  dashed,
  describeOnly,
  INFORMATION,
  type Option,
  OPTIONS,
  type TrainOptions,
  wordOf,
} from "./options.ts";
import { UsageError } from "./usage_error.ts";

const INFORMATION_NAMES = INFORMATION.flatMap(({ names }) => names);
const isFlag = ({ kind }: Option) => kind.type === "flag";

/**
 * Reads the arguments of `train`.
 *
 * @param args The arguments after the command.
 * @returns The options, or which information was asked for instead.
 * @throws {UsageError} If an argument is wrong, or two don't go together.
 */
export function parseTrainOptions(args: readonly string[]): TrainOptions | "help" | "version" {
  const parsed: Record<string, unknown> = parseArgs(explicitValues(args), {
    string: OPTIONS.filter((option) => !isFlag(option)).flatMap(({ names }) => names),
    boolean: [...OPTIONS.filter(isFlag).flatMap(({ names }) => names), ...INFORMATION_NAMES],
    alias: Object.fromEntries(
      [...OPTIONS, ...INFORMATION]
        .filter(({ names }) => names.length > 1)
        .map(({ names: [first, ...others] }) => [first!, others]),
    ),
    unknown: (arg: string, key?: string) => {
      throw key === undefined ? unexpected(arg) : unknownOption(arg, key);
    },
  });
  const [surplus] = parsed["_"] as readonly unknown[];
  if (surplus !== undefined) throw unexpected(String(surplus));
  if (parsed["help"]) return "help";
  if (parsed["version"]) return "version";
  const values: Partial<Record<keyof TrainOptions, OptionValue>> = {};
  const given = new Set<keyof TrainOptions>();
  for (const option of OPTIONS) {
    const value = parsed[option.names.at(-1)!];
    const text = Array.isArray(value) ? value.at(-1) : value;
    if (text === undefined || text === false) continue;
    values[option.field] = valueOf(option, String(text));
    given.add(option.field);
  }
  const options = withDefaults(values);
  for (const option of OPTIONS) {
    if (given.has(option.field)) checkTogether(option, options, given);
  }
  return options;
}

/** Adds what wasn't given: first what is always the same, then what follows from other options. */
function withDefaults(values: Partial<Record<keyof TrainOptions, OptionValue>>): TrainOptions {
  const missing = OPTIONS.filter(({ field }) => values[field] === undefined);
  for (const option of missing) {
    if (typeof option.fallback !== "object") setDefault(option, values);
  }
  for (const option of missing) {
    if (typeof option.fallback === "object") setDefault(option, values);
  }
  return values as unknown as TrainOptions;
}

function setDefault(
  option: Option,
  values: Partial<Record<keyof TrainOptions, OptionValue>>,
): void {
  const value = defaultOf(option, values as unknown as TrainOptions);
  if (value !== undefined) values[option.field] = value;
}

/**
 * What an option is where it isn't given.
 *
 * @param option The option.
 * @param options The other options.
 * @returns The value; nothing if there is none.
 */
export function defaultOf(option: Option, options: TrainOptions): OptionValue | undefined {
  const { kind, fallback } = option;
  if (kind.type === "flag") return false;
  const text = typeof fallback === "object" ? fallback.of(options) : fallback;
  return text === undefined ? undefined : valueOf(option, text);
}

/**
 * Ties to their options the values that look like options or are empty, so that the message about
 * them names the option: `--seed -1` becomes `--seed=-1`. What flags can't have is refused.
 */
function explicitValues(args: readonly string[]): string[] {
  const end = args.indexOf("--");
  const result: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    const next = args[i + 1];
    const isOption = end < 0 || i < end;
    const name = arg.replace(/=[^]*$/, "");
    const option = OPTIONS.find(({ names }) => names.some((known) => dashed(known) === name));
    if (isOption && option === undefined && name.startsWith("--no-")) {
      throw unknownOption(name, name.slice(2));
    }
    if (!isOption || option === undefined) {
      result.push(arg);
    } else if (isFlag(option)) {
      if (arg !== name) {
        throw new UsageError(
          `option ${allNames(option)} takes no value: given ${quoted(arg.slice(name.length + 1))}`,
        );
      }
      if (next === "true" || next === "false") throw unexpected(next);
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

function valueOf(option: Option, text: string): OptionValue {
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

/** Checks a given option against the others. */
function checkTogether(
  option: Option,
  options: TrainOptions,
  given: ReadonlySet<keyof TrainOptions>,
): void {
  const { only, check } = option;
  const other = only && String(options[only.field]);
  const wrong = only && !only.choices.includes(other!)
    ? `goes with ${describeOnly(only)} only: ${wordOf(only.field)} is ${other}`
    : check?.(options, given);
  if (wrong !== undefined) throw new UsageError(`option ${allNames(option)} ${wrong}`);
}

/** The text in quotes and on one line. */
const quoted = (text: string) => JSON.stringify(text);

const hint = (meant: string | undefined) => meant === undefined ? "" : `: did you mean ${meant}?`;

const unexpected = (arg: string) =>
  new UsageError(`unexpected argument ${quoted(arg)}: train takes options only`);

const missing = (option: Option) =>
  new UsageError(`option ${allNames(option)} needs a value: ${describeKind(option.kind)}`);

function unknownOption(arg: string, key: string): UsageError {
  const words = [...OPTIONS, ...INFORMATION].flatMap(({ names }) => names)
    .filter((name) => name.length > 1);
  const near = nearest(key, words);
  return new UsageError(
    `unknown option ${quoted(arg.split("=")[0]!).slice(1, -1)}` + hint(near && dashed(near)),
  );
}

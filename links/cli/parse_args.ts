// @ts-types="@types/minimist"
import minimist from "minimist";

/** The result of {@linkcode parseArgs}: one property an option, under each of its names. */
export type Args<
  TArgs extends Record<string, unknown> = Record<string, unknown>,
  TDoubleDash extends boolean | undefined = undefined,
> =
  & TArgs
  & {
    /** The arguments that belong to no option, in order. */
    _: (string | number)[];
  }
  & (TDoubleDash extends true ? {
      /** What came after `--`. */
      "--": string[];
    }
    : Record<never, never>);

/** Options of {@linkcode parseArgs}. */
export interface ParseOptions<
  TDoubleDash extends boolean | undefined = boolean | undefined,
> {
  /**
   * Whether what follows `--` goes to the result's `"--"` instead of its `_`.
   *
   * @default {false}
   */
  "--"?: TDoubleDash;

  /** Further names of an option: `{ help: "h" }`, `{ batch: ["b", "B"] }`. */
  alias?: Record<string, string | readonly string[]>;

  /**
   * The options that are switches: they take no value but `true` and `false`,
   * and are `false` where the arguments do not have them. `true` makes a switch
   * of each `--name` without `=`.
   *
   * @default {false}
   */
  boolean?: boolean | string | readonly string[];

  /** The values of options that the arguments do not have. */
  default?: Record<string, unknown>;

  /**
   * Whether everything from the first argument that is no option on goes to `_`.
   *
   * @default {false}
   */
  stopEarly?: boolean;

  /**
   * The options whose values stay strings, also where they look like numbers.
   *
   * @default {[]}
   */
  string?: string | readonly string[];

  /**
   * The options that may be given more than once: their value is an array. Of
   * any other option the last value counts.
   *
   * @default {[]}
   */
  collect?: string | readonly string[];

  /**
   * The options `name` that `--no-name` sets to `false`.
   *
   * @default {[]}
   */
  negatable?: string | readonly string[];

  /**
   * Called with each option that is in none of `boolean`, `string` and `alias`,
   * and with each argument that belongs to no option (then without `key` and
   * `value`). An argument for which it returns `false` is left out of the result.
   */
  unknown?: (arg: string, key?: string, value?: unknown) => unknown;
}

/** One option in an argument, and its value where the argument has that too. */
type Option = [name: string, value: string | undefined];

/** Splits `--name`, `--name=value` or, which is the same, `--no-name=value`. */
function splitLong(arg: string): Option[] {
  const equals = arg.indexOf("=", 3);
  return equals < 0 || equals === arg.length - 1
    ? [[arg.slice(2), undefined]]
    : [[arg.slice(2, equals).replace(/^no-/, ""), arg.slice(equals + 1)]];
}

/** Splits `-n`, `-n5`, `-n=5` or `-abc`. */
function splitShort(arg: string): Option[] {
  // With each letter declared a string, minimist marks a missing value with "".
  const { _: _positional, ...letters } = minimist([arg], { string: [...arg] });
  return Object.entries(letters).flatMap(([letter, values]) =>
    [values].flat().map((value): Option => [letter, value || undefined])
  );
}

function isNumber(text: string): boolean {
  return /\S/.test(text) && Number.isFinite(Number(text));
}

/** Each name of `alias` with the other names of its option. */
function otherNames(
  alias: Record<string, string | readonly string[]>,
): Map<string, string[]> {
  const others = new Map<string, string[]>();
  for (const [key, value] of Object.entries(alias)) {
    const names = [key, value].flat();
    for (const name of names) {
      others.set(name, names.filter((other) => other !== name));
    }
  }
  return others;
}

/**
 * Parses command line arguments.
 *
 * `--name value`, `--name=value`, `-n value`, `-n=value` and, for numbers, `-n5`
 * give an option a value; `--name` and `-n` alone, and each letter of `-abc`, are
 * switches. Values that look like numbers become numbers, unless `options.string`
 * names their option. Arguments that belong to no option, and all that follow
 * `--`, are in the result's `_`.
 *
 * @typeParam TDoubleDash Whether the result has a `"--"`.
 * @param args The arguments, `Deno.args` in most programs.
 * @param options Which options there are and how they are read.
 * @returns The options by name, and in `_` the other arguments.
 *
 * @example
 * ```ts
 * import { parseArgs } from "@std/cli/parse-args";
 * import { assertEquals } from "@std/assert";
 *
 * const args = parseArgs(["train", "-T", "100", "--tau=2.0", "--no-bias"], {
 *   string: ["tau"],
 *   boolean: ["bias"],
 *   negatable: ["bias"],
 *   alias: { "time-steps": "T" },
 * });
 * assertEquals(args, {
 *   _: ["train"],
 *   T: 100,
 *   "time-steps": 100,
 *   tau: "2.0",
 *   bias: false,
 * });
 * ```
 */
export function parseArgs<TDoubleDash extends boolean | undefined = undefined>(
  args: string[],
  options: ParseOptions<TDoubleDash> = {},
): Args<Record<string, unknown>, TDoubleDash> {
  const others = otherNames(options.alias ?? {});
  const allNames = (name: string) => [name, ...(others.get(name) ?? [])];
  const nameSet = (names: string | readonly string[] = []) =>
    new Set([names].flat().flatMap(allNames));

  const allSwitches = options.boolean === true;
  const switches = nameSet(
    typeof options.boolean === "boolean" ? [] : options.boolean,
  );
  const strings = nameSet(options.string);
  const collected = nameSet(options.collect);
  const negatable = nameSet(options.negatable);

  const values: Record<string, unknown> = {};
  const positionals: (string | number)[] = [];

  function set(
    name: string,
    value: string | boolean,
    arg: string,
    isCollected = collected.has(name),
  ): void {
    const isDeclared = switches.has(name) || strings.has(name) ||
      others.has(name) || (allSwitches && /^--[^=]+$/.test(arg));
    if (!isDeclared && options.unknown?.(arg, name, value) === false) return;

    const becomesNumber = typeof value === "string" && !strings.has(name) &&
      isNumber(value);
    const typed = becomesNumber ? Number(value) : value;
    for (const key of allNames(name)) {
      values[key] = isCollected ? [values[key] || [], typed].flat() : typed;
    }
  }

  const end = args.indexOf("--");
  const head = end < 0 ? args : args.slice(0, end);
  const tail = end < 0 ? [] : args.slice(end + 1);

  for (let i = 0; i < head.length; i++) {
    const arg = head[i]!;
    if (!/^-./s.test(arg)) {
      if (options.unknown?.(arg) !== false) {
        const becomesNumber = !strings.has("_") && isNumber(arg);
        positionals.push(becomesNumber ? Number(arg) : arg);
      }
      if (options.stopEarly) {
        positionals.push(...head.slice(i + 1));
        break;
      }
      continue;
    }

    const isLong = arg.startsWith("--");
    const found = isLong ? splitLong(arg) : splitShort(arg);
    for (const [index, [name, value]] of found.entries()) {
      const isLast = index === found.length - 1;
      const next = isLast ? head[i + 1] : undefined;
      const takesNext = isLong
        ? !allSwitches && !next?.startsWith("-")
        : !/^--?[^-]/.test(next ?? "");

      if (value !== undefined) {
        const isSwitch = isLong && switches.has(name);
        set(name, isSwitch ? value !== "false" : value, arg);
      } else if (
        isLong && name.startsWith("no-") && negatable.has(name.slice(3))
      ) {
        set(name.slice(3), false, arg, false);
      } else if (next && takesNext && !switches.has(name)) {
        set(name, next, arg);
        i++;
      } else if (next === "true" || next === "false") {
        set(name, next === "true", arg);
        i++;
      } else {
        set(name, strings.has(name) ? "" : true, arg);
      }
    }
  }

  for (const [name, value] of Object.entries(options.default ?? {})) {
    if (Object.hasOwn(values, name)) continue;
    for (const key of allNames(name)) values[key] = value;
  }
  for (const name of switches) {
    if (!Object.hasOwn(values, name)) {
      values[name] = collected.has(name) ? [] : false;
    }
  }
  for (const name of strings) {
    if (!Object.hasOwn(values, name) && collected.has(name)) values[name] = [];
  }

  const result = options["--"]
    ? { ...values, _: positionals, "--": tail }
    : { ...values, _: [...positionals, ...tail] };
  return result as unknown as Args<Record<string, unknown>, TDoubleDash>;
}

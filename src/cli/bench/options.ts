import { parseArgs } from "@std/cli/parse-args";
import type { DeviceChoice } from "../../gpu/adapter.ts";
import { nearest } from "../nearest.ts";
import { describeKind, parseValue } from "../option_kind.ts";
import { allNames, dashed, INFORMATION, type Option, OPTIONS } from "../options.ts";
import { UsageError } from "../usage_error.ts";

/** The options of `bench`. */
export interface BenchOptions {
  /** Which kind of adapter. */
  readonly device: DeviceChoice;
  /** Part of the adapter's name. */
  readonly gpu?: string;
  /** The file that the figures are written to as JSON. */
  readonly json?: string;
}

/** An option, described as those of `train` are. */
type BenchOption =
  & Pick<Option, "names" | "kind" | "help">
  & { readonly field: keyof BenchOptions; readonly value: string };

const shared = (field: "device" | "gpu", value: string): BenchOption => {
  const { names, kind, help } = OPTIONS.find((option) => option.field === field)!;
  return { field, names, kind, help, value };
};

const BENCH_OPTIONS: readonly BenchOption[] = [
  shared("device", "auto|gpu|software"),
  shared("gpu", "NAME"),
  {
    field: "json",
    names: ["json"],
    kind: { type: "text", placeholder: "NAME" },
    help: "Write the figures to a file as JSON, too",
    value: "FILE",
  },
];

/**
 * Reads the arguments of `bench`.
 *
 * @param args The arguments after the command.
 * @returns The options, or which information was asked for instead.
 * @throws {UsageError} If an argument is wrong.
 */
export function parseBenchOptions(args: readonly string[]): BenchOptions | "help" | "version" {
  // The parser takes an empty value for an argument of its own.
  for (const option of BENCH_OPTIONS) {
    const name = allNames(option);
    if (args.some((arg, i) => arg === `${name}=` || (arg === name && args[i + 1] === ""))) {
      throw missing(option);
    }
  }
  const parsed: Record<string, unknown> = parseArgs([...args], {
    string: BENCH_OPTIONS.flatMap(({ names }) => names),
    boolean: INFORMATION.flatMap(({ names }) => names),
    alias: Object.fromEntries(
      INFORMATION.filter(({ names }) => names.length > 1)
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
  const options: Partial<Record<keyof BenchOptions, unknown>> = { device: "auto" };
  for (const option of BENCH_OPTIONS) {
    const value = parsed[option.names.at(-1)!];
    const text = Array.isArray(value) ? value.at(-1) : value;
    if (text !== undefined) options[option.field] = valueOf(option, String(text));
  }
  return options as BenchOptions;
}

/**
 * The help of `bench`.
 *
 * @returns Its text.
 */
export function benchHelp(): string {
  const rows = [
    ...BENCH_OPTIONS.map((option) => [`${allNames(option)} ${option.value}`, option.help] as const),
    ...INFORMATION.map((option) => [allNames(option), option.help] as const),
  ];
  const width = Math.max(...rows.map(([left]) => left.length));
  return `Usage: deno run -A cli.ts bench [OPTIONS]

Measures an adapter: the kernels of LIF neurons, and training steps of networks of them.

Options:
${rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join("\n")}

Example:
  deno run -A cli.ts bench --device software --json bench.json`;
}

function valueOf(option: BenchOption, text: string): unknown {
  const { kind } = option;
  if (text === "") throw missing(option);
  const value = parseValue(kind, text);
  if (value !== undefined) return value;
  const meant = kind.type === "choice" ? nearest(text, kind.choices) : undefined;
  throw new UsageError(
    `option ${allNames(option)} must be ${wanted(option)}: given ${JSON.stringify(text)}` +
      hint(meant),
  );
}

const wanted = ({ kind, value }: BenchOption) => value === "FILE" ? "a file" : describeKind(kind);

const missing = (option: BenchOption) =>
  new UsageError(`option ${allNames(option)} needs a value: ${wanted(option)}`);

const hint = (meant: string | undefined) => meant === undefined ? "" : `: did you mean ${meant}?`;

const unexpected = (arg: string) =>
  new UsageError(`unexpected argument ${JSON.stringify(arg)}: bench takes options only`);

function unknownOption(arg: string, key: string): UsageError {
  const words = [...BENCH_OPTIONS, ...INFORMATION].flatMap(({ names }) => names)
    .filter((name) => name.length > 1);
  const near = nearest(key, words);
  return new UsageError(`unknown option ${arg.split("=")[0]}${hint(near && dashed(near))}`);
}

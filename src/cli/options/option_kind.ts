/** What texts are, by what stands for them in the help. */
const TEXTS = {
  DIR: "a folder",
  FILE: "a file",
  "FILE|auto": "a file, or auto",
  LAYERS: "layers, as in 32C3-BN-MP2-512-10",
  NAME: "a name",
  NAMES: "names, separated by commas",
} as const;

/** What an option takes. */
export type OptionKind =
  | { readonly type: "flag" }
  | { readonly type: "text"; readonly placeholder: keyof typeof TEXTS }
  | { readonly type: "choice"; readonly choices: readonly string[] }
  | { readonly type: "integer" | "integers"; readonly least: number; readonly most: number }
  | {
    readonly type: "number";
    /** It must be greater. */
    readonly above?: number;
    /** It must be at least as great. */
    readonly least?: number;
    /** It must be less. */
    readonly below?: number;
    /** It must be at most as great. */
    readonly most?: number;
  };

/** What an option's text stands for. */
export type OptionValue = string | number | boolean | readonly number[];

/** The text for a list of no integers. */
const NO_INTEGERS = "none";
/** A decimal number, as `2`, `.5` or `1e-3`. */
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const INTEGER = /^[+-]?\d+$/;

/**
 * Reads an option's text.
 *
 * @param kind What the option takes.
 * @param text The text.
 * @returns The value, or nothing if the text is none that the option takes.
 */
export function parseValue(kind: OptionKind, text: string): OptionValue | undefined {
  switch (kind.type) {
    case "flag":
      return text === "true";
    case "text":
      return text;
    case "choice":
      return kind.choices.includes(text) ? text : undefined;
    case "integer":
      return parseInteger(kind, text);
    case "integers": {
      if (text === NO_INTEGERS) return [];
      const values = text.split(",").map((part) => parseInteger(kind, part));
      return values.every((value) => value !== undefined) ? values : undefined;
    }
    case "number": {
      const { above = -Infinity, least = -Infinity, below = Infinity, most = Infinity } = kind;
      const value = Number(text);
      // Kernels compute with float32.
      const isNumber = DECIMAL.test(text) && Number.isFinite(Math.fround(value));
      const isAllowed = isNumber && value > above && value >= least && value < below &&
        value <= most;
      return isAllowed ? value : undefined;
    }
  }
}

function parseInteger(
  { least, most }: { readonly least: number; readonly most: number },
  text: string,
): number | undefined {
  const value = Number(text);
  return INTEGER.test(text) && value >= least && value <= most ? value : undefined;
}

/**
 * Says what an option takes, for messages and the help.
 *
 * @param kind What the option takes.
 * @returns The description, such as "an integer from 1 to 10".
 */
export function describeKind(kind: OptionKind): string {
  switch (kind.type) {
    case "flag":
      return "no value";
    case "text":
      return TEXTS[kind.placeholder];
    case "choice":
      return alternatives(kind.choices);
    case "integer":
      return `an integer from ${kind.least} to ${kind.most}`;
    case "integers":
      return `integers from ${kind.least} to ${kind.most}, as in 500,300, or ${NO_INTEGERS}`;
    case "number": {
      const { above, least, below, most } = kind;
      if (least !== undefined && most !== undefined) return `a number from ${least} to ${most}`;
      const bounds = [
        above === undefined ? [] : [`greater than ${above}`],
        least === undefined ? [] : [`of at least ${least}`],
        below === undefined ? [] : [`less than ${below}`],
        most === undefined ? [] : [`at most ${most}`],
      ].flat();
      return ["a number", bounds.join(" and ")].filter((part) => part !== "").join(" ");
    }
  }
}

/**
 * Joins alternatives.
 *
 * @param names The alternatives.
 * @returns Their list, such as "a, b or c".
 */
export function alternatives(names: readonly string[]): string {
  return names.join(", ").replace(/, (?=[^,]*$)/, " or ");
}

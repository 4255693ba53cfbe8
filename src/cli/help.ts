import { alternatives, describeKind } from "./option_kind.ts";
import { allNames, describeOnly, INFORMATION, type Option, OPTIONS } from "./options.ts";

/** Columns of the help at most. */
const COLUMNS = 100;
/** Columns that choices may take beside an option's name; longer ones are in its text. */
const CHOICE_COLUMNS = 20;
/** Choices that a table's cell may hold; more are listed below it. */
const CELL_CHOICES = 8;

/**
 * The help of `train`.
 *
 * @returns Its text.
 */
export function trainHelp(): string {
  const rows = [
    ...OPTIONS.map((option) => [heading(option), description(option)] as const),
    ...INFORMATION.map((option) => [allNames(option), option.help] as const),
  ];
  const width = Math.max(...rows.map(([left]) => left.length));
  const lines = rows.flatMap(([left, right]) =>
    wrap(right, COLUMNS - width - 4)
      .map((line, i) => `  ${(i === 0 ? left : "").padEnd(width)}  ${line}`)
  );
  return `Usage: deno run -A cli.ts train [OPTIONS]

Trains a network on MNIST: 784-10 with LIF neurons, or what the options make of it.

Options:
${lines.join("\n")}

Examples:
  deno run -A cli.ts train -N 20
  deno run -A cli.ts train --device software -T 50 --lr 2e-3 --log-dir /tmp/logs
  deno run -A cli.ts train --hidden 800 --encoder direct -T 8 -N 10
  deno run -A cli.ts train --neuron none -N 10`;
}

/**
 * The options of `train` as a table in Markdown, formatted as `deno fmt` does.
 *
 * @returns The table, and below it the choices that are too many for its cells.
 */
export function optionsMarkdown(): string {
  const rows = [
    ["option", "what it is", "values", "default"],
    ...OPTIONS.map((option) => [
      code(option),
      option.help + (option.only ? `; for \`${describeOnly(option.only)}\`` : ""),
      cellValues(option),
      defaultText(option) ?? "",
    ]),
    ...INFORMATION.map((option) => [code(option), option.help, "", ""]),
  ];
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const [head, ...body] = rows.map((row) => line(row.map((cell, i) => cell.padEnd(widths[i]!))));
  const rule = line(widths.map((width) => "-".repeat(width)));
  const lists = OPTIONS.flatMap(({ names, kind }) =>
    kind.type === "choice" && kind.choices.length > CELL_CHOICES
      ? [wrap(`\`--${names.at(-1)!}\` is ${alternatives(kind.choices)}.`, COLUMNS).join("\n")]
      : []
  );
  return [[head, rule, ...body].join("\n"), ...lists].join("\n\n");
}

const code = ({ names }: Pick<Option, "names">) => `\`${allNames({ names })}\``;

function cellValues({ kind }: Option): string {
  if (kind.type === "flag") return "";
  if (kind.type !== "choice" || kind.choices.length <= CELL_CHOICES) return describeKind(kind);
  return "see below";
}

/** Whether an option's choices stand beside its name. */
const showsChoices = (choices: readonly string[]) => choices.join("|").length <= CHOICE_COLUMNS;

/** An option's names and what stands for its value. */
function heading(option: Option): string {
  const { kind } = option;
  const name = allNames(option);
  switch (kind.type) {
    case "flag":
      return name;
    case "text":
      return `${name} ${kind.placeholder}`;
    case "choice":
      return `${name} ${showsChoices(kind.choices) ? kind.choices.join("|") : "NAME"}`;
    case "integer":
      return `${name} N`;
    case "integers":
      return `${name} N,N,...`;
    case "number":
      return `${name} X`;
  }
}

/** What an option is for, what it goes with, its default and its range. */
function description(option: Option): string {
  const { kind, help, only } = option;
  const names = kind.type === "choice" && !showsChoices(kind.choices)
    ? `: ${alternatives(kind.choices)}`
    : "";
  const condition = only ? `; for ${describeOnly(only)}` : "";
  const isNumber = kind.type === "integer" || kind.type === "integers" || kind.type === "number";
  const fallback = defaultText(option);
  const notes = [
    ...fallback === undefined ? [] : [`default: ${fallback}`],
    ...isNumber ? [describeKind(kind)] : [],
  ];
  return help + names + condition + (notes.length > 0 ? ` (${notes.join("; ")})` : "");
}

function defaultText({ fallback }: Option): string | undefined {
  return typeof fallback === "object" ? fallback.text : fallback;
}

/** Breaks a text into lines between words. */
function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const line = lines.at(-1);
    if (line === undefined || line.length + 1 + word.length > columns) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines;
}

if (import.meta.main) console.log(optionsMarkdown());

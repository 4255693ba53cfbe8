import { type Command, placeOf } from "./command.ts";
import { callHere } from "../text/command_line.ts";
import { allNames, describeOnly, INFORMATION, type Option } from "./option.ts";
import { alternatives, describeKind } from "./option_kind.ts";
import type { Terminal } from "../text/terminal.ts";
import { wrap } from "../../text/wrap.ts";

/** Columns of a line at most. */
const COLUMNS = 100;
/** Columns that choices may take beside an option's name; longer ones are in its text. */
const CHOICE_COLUMNS = 20;
/** Choices that a table's cell may hold; more are listed below it. */
const CELL_CHOICES = 8;

/**
 * The help of a command.
 *
 * @param command What the command takes.
 * @param terminal Where it goes; lines have at most 100 columns in any case.
 * @returns Its text.
 */
export function commandHelp<O>(
  command: Command<O>,
  terminal: Pick<Terminal, "columns"> = { columns: COLUMNS },
): string {
  const most = Math.min(COLUMNS, terminal.columns);
  const { name, positionals, options, examples } = command;
  const call = `${callHere()} ${name}`;
  const sections = [
    [`Usage: ${[call, ...positionals.map(placeOf), "[OPTIONS]"].join(" ")}`],
    wrap(command.description, most),
    ...positionals.length === 0
      ? []
      : [["Arguments:", ...columns(positionals.map((own) => [placeOf(own), own.help]), most)]],
    [
      "Options:",
      ...columns([
        ...options.map((option) => [heading(option), description(options, option)] as const),
        ...INFORMATION.map((option) => [allNames(option), option.help] as const),
      ], most),
    ],
    ["Examples:", ...examples.map((args) => `  ${call} ${args}`.trimEnd())],
  ];
  return sections.map((lines) => lines.join("\n")).join("\n\n");
}

/** Names on the left, texts beside them. */
function columns(
  rows: readonly (readonly [left: string, right: string])[],
  most: number,
): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.flatMap(([left, right]) =>
    wrap(right, most - width - 4)
      .map((line, i) => `  ${(i === 0 ? left : "").padEnd(width)}  ${line}`)
  );
}

/**
 * The options of a command as a table in Markdown, formatted as `deno fmt` does.
 *
 * @param command What the command takes.
 * @returns The table, and below it the choices that are too many for its cells.
 */
export function optionsMarkdown<O>({ options }: Command<O>): string {
  const rows = [
    ["option", "what it is", "values", "default"],
    ...options.map((option) => [
      code(option),
      option.help + (option.only ? `; for \`${describeOnly(options, option.only)}\`` : ""),
      cellValues(option),
      defaultText(option) ?? "",
    ]),
    ...INFORMATION.map((option) => [code(option), option.help, "", ""]),
  ];
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const [head, ...body] = rows.map((row) => line(row.map((cell, i) => cell.padEnd(widths[i]!))));
  const rule = line(widths.map((width) => "-".repeat(width)));
  const lists = options.flatMap(({ names, kind }) =>
    kind.type === "choice" && kind.choices.length > CELL_CHOICES
      ? [wrap(`\`--${names.at(-1)!}\` is ${alternatives(kind.choices)}.`, COLUMNS).join("\n")]
      : []
  );
  return [[head, rule, ...body].join("\n"), ...lists].join("\n\n");
}

const code = (option: { readonly names: readonly string[] }) => `\`${allNames(option)}\``;

function cellValues<O>({ kind }: Option<O>): string {
  if (kind.type === "flag") return "";
  if (kind.type !== "choice" || kind.choices.length <= CELL_CHOICES) return describeKind(kind);
  return "see below";
}

/** Whether an option's choices stand beside its name. */
const showsChoices = (choices: readonly string[]) => choices.join("|").length <= CHOICE_COLUMNS;

/** An option's names and what stands for its value. */
function heading<O>(option: Option<O>): string {
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
function description<O>(options: readonly Option<O>[], option: Option<O>): string {
  const { kind, help, only } = option;
  const names = kind.type === "choice" && !showsChoices(kind.choices)
    ? `: ${alternatives(kind.choices)}`
    : "";
  const condition = only ? `; for ${describeOnly(options, only)}` : "";
  const isNumber = kind.type === "integer" || kind.type === "integers" || kind.type === "number";
  const fallback = defaultText(option);
  const notes = [
    ...fallback === undefined ? [] : [`default: ${fallback}`],
    ...isNumber ? [describeKind(kind)] : [],
  ];
  return help + names + condition + (notes.length > 0 ? ` (${notes.join("; ")})` : "");
}

function defaultText<O>({ fallback }: Option<O>): string | undefined {
  return typeof fallback === "object" ? fallback.text : fallback;
}

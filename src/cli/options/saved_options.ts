import { allNames } from "./option.ts";
import { describeKind, type OptionKind, type OptionValue, parseValue } from "./option_kind.ts";
import { OPTIONS, type TrainOption, type TrainOptions } from "./options.ts";
import { defaultOf, findConflict } from "./parse.ts";

/**
 * The options that a checkpoint keeps: all but those of one call.
 *
 * @param options The options.
 * @returns What `checkSavedOptions` takes.
 */
export function savedOptions(options: TrainOptions): Readonly<Record<string, unknown>> {
  const { resume: _, download: __, distributed: ___, quiet: ____, recipe: _____, ...saved } =
    options;
  return saved;
}

/** Characters of a value that a message shows. */
const SHOWN = 60;

/**
 * Checks options that come from a file, which may be damaged, as those of the command line are.
 *
 * @param saved What the file holds, as JSON.
 * @param path The file.
 * @returns The options.
 * @throws {SyntaxError} If one is unknown or missing, is of the wrong kind or out of range, or two
 * don't go together.
 */
export function checkSavedOptions(
  saved: Readonly<Record<string, unknown>>,
  path: string,
): TrainOptions {
  const fail = (reason: string): never => {
    throw new SyntaxError(`Cannot use the options in "${path}" as ${reason}`);
  };
  const values: Partial<Record<keyof TrainOptions, OptionValue>> = {};
  for (const [field, value] of Object.entries(saved)) {
    const option = OPTIONS.find((option) => option.field === field);
    if (!option) return fail(`there is no option ${shown(field)}`);
    const { kind } = option;
    values[option.field] = savedValue(kind, value) ??
      fail(`${allNames(option)} must be ${describeSaved(kind)}: it is ${shown(value)}`);
  }
  const options = values as unknown as TrainOptions;
  // Defaults that follow from other options need those.
  const isDerived = ({ fallback }: TrainOption) => typeof fallback === "object";
  for (const option of [...OPTIONS].sort((a, b) => Number(isDerived(a)) - Number(isDerived(b)))) {
    const fallback = defaultOf(option, options);
    if (fallback === undefined || values[option.field] !== undefined) continue;
    if (!option.optionalInFiles) fail(`it has no ${allNames(option)}`);
    values[option.field] = fallback;
  }
  // What points at a place in an option follows in further lines, for who can change it.
  return checkTogether(options, (flaw) => fail(flaw.split("\n")[0]!));
}

/**
 * Checks options that are all given, of which some are what they are without being given.
 *
 * @param options The options.
 * @param fail Throws an error with the reason.
 * @returns The options.
 */
export function checkTogether(
  options: TrainOptions,
  fail: (reason: string) => never,
): TrainOptions {
  const changed = OPTIONS.filter((option) =>
    JSON.stringify(options[option.field]) !== JSON.stringify(defaultOf(option, options))
  );
  const flaw = findConflict(OPTIONS, options, new Set(changed.map(({ field }) => field)));
  return flaw === undefined ? options : fail(flaw);
}

/** A value from JSON if it is one that the option could have been given. */
function savedValue(kind: OptionKind, value: unknown): OptionValue | undefined {
  const isList = Array.isArray(value) && value.every((item) => typeof item === "number");
  // Text of other objects may be whatever they make of it.
  if (value === "" || (typeof value === "object" && !isList)) return undefined;
  const text = isList ? value.join(",") || "none" : String(value);
  const parsed = parseValue(kind, text);
  return JSON.stringify(parsed) === JSON.stringify(value) ? parsed : undefined;
}

function describeSaved(kind: OptionKind): string {
  return kind.type === "flag" ? "true or false" : describeKind(kind);
}

/** A value as a message shows it: short and on one line. */
function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}...` : text;
}

/**
 * What a kernel's WGSL declares for its caller: the bindings that it wants resources for, and the
 * `override` constants that it wants values for.
 *
 * WGSL has no strings, so without its comments each `@binding` and each `override` is a declaration:
 * one that can't be read is refused, not passed over.
 *
 * @module
 */

/** How a kernel uses what is bound: textures are read as sampled ones or as storage textures, or written. */
export type BindingUse =
  | "uniform"
  | "read"
  | "read_write"
  | "texture"
  | "texture_read"
  | "texture_write";

/** A binding of group 0. */
export interface Binding {
  /** Its number. */
  readonly index: number;
  /** The variable's name. */
  readonly name: string;
  /** How it is used. */
  readonly use: BindingUse;
}

/** An `override` constant. */
export interface Override {
  /** The constant's name. */
  readonly name: string;
  /** What a pipeline calls it: its `@id` if it has one, else its name. */
  readonly key: string;
  /** Whether it has a value of its own, that of its declaration. */
  readonly hasDefault: boolean;
}

/** What a kernel declares. */
export interface Declarations {
  /** Its bindings, in the order of their numbers. */
  readonly bindings: readonly Binding[];
  /** Its constants, in the order of the text. */
  readonly overrides: readonly Override[];
}

/** Attributes, each a name with what may be in parentheses. */
const ATTRIBUTES = String.raw`(?:@\s*\w+\s*(?:\([^()]*\)\s*)?)`;
const VARIABLE = new RegExp(
  String.raw`(${ATTRIBUTES}+)var\s*(?:<([^<>]*)>)?\s*(\w+)\s*:([^;]*);`,
  "g",
);
const OVERRIDE = new RegExp(
  String.raw`(${ATTRIBUTES}*)\boverride\s+(\w+)\s*(?::[^=;]*)?(=[^;]*)?;`,
  "g",
);

/**
 * Finds what a kernel declares.
 *
 * @param code The kernel's WGSL, expanded.
 * @returns Its bindings and constants.
 * @throws {SyntaxError} If a declaration can't be read, or is of a kind that can't be bound.
 */
export function readDeclarations(code: string): Declarations {
  const text = withoutComments(code);
  const bindings = [...text.matchAll(VARIABLE)]
    .filter(([, attributes]) => /@\s*(binding|group)\b/.test(attributes!))
    .map(([all, attributes, space, name, type]) => {
      const index = argumentOf(attributes!, "binding");
      const group = argumentOf(attributes!, "group");
      if (group !== "0" || !/^\d+$/.test(index ?? "")) {
        throw new SyntaxError(
          `Cannot bind "${name}" as its binding must be a number in group 0: ` +
            `current value is "${all.trim()}"`,
        );
      }
      return { index: Number(index), name: name!, use: useOf(name!, space, type!) };
    })
    .sort((a, b) => a.index - b.index);
  bindings.forEach(({ index, name }, i) => {
    const before = bindings[i - 1];
    if (before?.index === index) {
      throw new SyntaxError(
        `Cannot bind "${name}" as "${before.name}" has its number, too: current value is ${index}`,
      );
    }
  });
  const overrides = [...text.matchAll(OVERRIDE)].map(([, attributes, name, value]) => ({
    name: name!,
    key: argumentOf(attributes!, "id") ?? name!,
    hasDefault: value !== undefined,
  }));
  checkCount(text, /@\s*binding\b/g, bindings.length, "binding");
  checkCount(text, /\boverride\b/g, overrides.length, "override");
  return { bindings, overrides };
}

/** What an attribute has in its parentheses. */
function argumentOf(attributes: string, name: string): string | undefined {
  return attributes.match(new RegExp(String.raw`@\s*${name}\s*\(([^)]*)\)`))?.[1]
    ?.replace(",", "").trim();
}

function useOf(name: string, space: string | undefined, type: string): BindingUse {
  const [address, access = "read"] = (space ?? "").split(",").map((part) => part.trim());
  const of = type.replace(/\s+/g, "").replace(/,>$/, ">");
  switch (address) {
    case "uniform":
      return "uniform";
    case "storage":
      if (access === "read" || access === "read_write") return access;
      break;
    case "":
      if (of === "texture_2d<u32>") return "texture";
      if (of === "texture_storage_2d<rgba32uint,read>") return "texture_read";
      if (of === "texture_storage_2d<rgba32uint,write>") return "texture_write";
  }
  throw new SyntaxError(
    `Cannot bind "${name}" as it must be a uniform or storage buffer, a texture_2d<u32> or a ` +
      `texture_storage_2d<rgba32uint, read> or <rgba32uint, write>: current value is ` +
      `"var${space === undefined ? "" : `<${space}>`} ${name}:${type}"`,
  );
}

/** Refuses a text that has more declarations of a kind than were read. */
function checkCount(text: string, word: RegExp, read: number, what: string): void {
  const there = text.match(word)?.length ?? 0;
  if (there !== read) {
    throw new SyntaxError(
      `Cannot read the declarations as each ${what} must be of the form that WGSL has for it: ` +
        `${read} of ${there} are`,
    );
  }
}

/** WGSL without its comments, of which those between slashes and stars may hold others. */
function withoutComments(code: string): string {
  let depth = 0;
  let out = "";
  let from = 0;
  for (const { 0: mark, index } of code.matchAll(/\/\/[^\n]*|\/\*|\*\//g)) {
    // A line comment that starts in a block comment is part of it, and may hold its end.
    const marks = depth > 0 && mark.startsWith("//")
      ? [...mark.matchAll(/\/\*|\*\//g)].map((inner) => ({
        mark: inner[0],
        at: index + inner.index,
      }))
      : [{ mark, at: index }];
    for (const { mark, at } of marks) {
      if (depth === 0) out += code.slice(from, at) + " ";
      if (mark === "/*") depth++;
      else if (mark === "*/") depth = Math.max(0, depth - 1);
      from = at + mark.length;
    }
  }
  return depth === 0 ? out + code.slice(from) : out;
}

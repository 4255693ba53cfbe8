/**
 * Unrolls a kernel's text.
 *
 * WGSL has no way to say "one variable for each time step", and what a loop does to a function-local
 * array takes longer than the same statements written out (software adapters load and store it lane by
 * lane, 5 to 15 ns each; GPUs keep it in memory). So kernels are templates: WGSL with line directives,
 *
 * ```wgsl
 * #include lib/batch      // the lines of another template
 * #binding var<storage, read> samples: array<Sample>;  // of group 0, numbered in order
 * #texels entries;        // a texture, whose texels, fours of u32, are read by entries_texel(i)
 * #reads weights: vec4<f32>;  // a buffer of f32, u32 or fours of them, read by weights_at(i)
 * #updates moment: vec4<f32>; // the same of a buffer that is written too, at an index read before
 * #for t in 0..steps      // the lines up to #end, once for each t
 * #if bias                // the lines up to #else or #end, where the value is not 0
 * #let word = t / 32      // a name for a value, until the enclosing #end
 * let h_${t} = words[${word}];
 * ```
 *
 * and `${expression}` wherever a value belongs into the text. Values are integers, booleans count as
 * 0 and 1; `/` rounds down.
 *
 * @module
 */

import { evaluate } from "./expression.ts";

/** The names that a template's expressions may use, and their values. */
export type TemplateValues = Readonly<Record<string, number | boolean>>;

interface OutputLine {
  readonly text: string;
  /** Of a binding that holds a buffer's copy: the buffer's name. */
  readonly copyOf?: string;
}

interface Line extends OutputLine {
  readonly number: number;
}

const FOR = /^\s*#for\s+(\w+)\s+in\s+(.+?)\.\.(.+)$/;
const LET = /^\s*#let\s+(\w+)\s*=\s*(.+)$/;
const IF = /^\s*#if\s+(.+)$/;
const ELSE = /^\s*#else\s*$/;
const END = /^\s*#end\s*$/;
const INCLUDE = /^\s*#include\s+(\S+)\s*$/;
const BINDING = /^\s*#binding\s+/;
const READS = /^#(reads|updates)\s+(\w+):\s*(f32|u32|vec4<f32>|vec4<u32>);/;
const TEXELS = /^#texels\s+(\w+);/;
/** Element i of a buffer whose copy is the texture `COPY`, by its type. */
const OF_COPY = {
  "f32": "bitcast<f32>(COPY_texel(i >> 2u)[i & 3u])",
  "u32": "COPY_texel(i >> 2u)[i & 3u]",
  "vec4<f32>": "bitcast<vec4<f32>>(COPY_texel(i))",
  "vec4<u32>": "COPY_texel(i)",
} as const;

/**
 * The WGSL name of a value.
 *
 * @param name Its name in TypeScript, in camelCase.
 * @returns The name in snake_case.
 */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/**
 * Joins the values of a kernel's parts.
 *
 * @param parts What each part is called in messages, and its values.
 * @returns All values, by their WGSL names.
 * @throws {TypeError} If two parts have a value of the same name.
 */
export function joinValues(parts: Readonly<Record<string, TemplateValues>>): TemplateValues {
  const values: Record<string, number | boolean> = {};
  const owners: Record<string, string> = {};
  for (const [part, own] of Object.entries(parts)) {
    for (const [key, value] of Object.entries(own)) {
      const name = snakeCase(key);
      if (Object.hasOwn(owners, name)) {
        throw new TypeError(
          `Cannot compile a kernel as ${owners[name]} and ${part} both have a value "${name}"`,
        );
      }
      owners[name] = part;
      values[name] = value;
    }
  }
  return values;
}

/** WGSL, and what its template says of it. */
export interface ExpandedTemplate {
  /** The WGSL text. */
  readonly code: string;
  /**
   * Which bindings, by their numbers, are textures that hold a copy of a buffer (`#reads`, `#updates`),
   * and that buffer's name.
   */
  readonly copies: ReadonlyMap<number, string>;
}

/**
 * Expands a kernel template to plain WGSL.
 *
 * @param template WGSL with directive lines and `${}` expressions.
 * @param values The values that expressions may name. Names of loops and `#let` hide them.
 * @param includes The templates that `#include` may name.
 * @returns The WGSL.
 * @throws {SyntaxError} If a directive or an expression can't be read, or names an unknown value;
 * the message has the line's number in the template, included lines counted.
 *
 * @example
 * ```ts
 * import { expandTemplate } from "./template.ts";
 *
 * const template = "#for t in 0..steps\nlet h_${t} = x[${t * 2}];\n#end";
 * const { code } = expandTemplate(template, { steps: 2 });
 * console.log(code); // let h_0 = x[0];  let h_1 = x[2];
 * ```
 */
export function expandTemplate(
  template: string,
  values: TemplateValues,
  includes: Readonly<Record<string, string>> = {},
): ExpandedTemplate {
  const lines = includeTemplates(template, includes).split("\n")
    .flatMap((text, i) => readLines(text).map((line) => ({ ...line, number: i + 1 })));
  const out: OutputLine[] = [];
  const scope = new Map(Object.entries(values).map(([name, value]) => [name, Number(value)]));
  expandLines(lines, scope, out);
  const copies = new Map<number, string>();
  let bindings = 0;
  const code = out.map(({ text, copyOf }) =>
    text.replace(BINDING, () => {
      if (copyOf !== undefined) copies.set(bindings, copyOf);
      return `@group(0) @binding(${bindings++}) `;
    })
  ).join("\n");
  return { code, copies };
}

/**
 * Puts the templates that a template includes in the place of the directives.
 *
 * @param template The template.
 * @param includes The templates that `#include` may name.
 * @returns The template, which includes nothing any more.
 * @throws {SyntaxError} If it names another, or one that includes itself.
 */
export function includeTemplates(
  template: string,
  includes: Readonly<Record<string, string>> = {},
): string {
  const include = (text: string, open: readonly string[]): string[] =>
    text.split(/\r?\n/).flatMap((line) => {
      const name = line.match(INCLUDE)?.[1];
      if (name === undefined) return [line];
      if (!Object.hasOwn(includes, name)) {
        throw new SyntaxError(
          `Cannot expand the kernel template as there is no "${name}" to include: there are ` +
            (Object.keys(includes).join(", ") || "none"),
        );
      }
      if (open.includes(name)) {
        throw new SyntaxError(
          `Cannot expand the kernel template as "${name}" includes itself: ` +
            [...open, name].join(" includes "),
        );
      }
      return include(includes[name]!.trimEnd(), [...open, name]);
    });
  return include(template, []).join("\n");
}

/** The lines that a line stands for: of a buffer that is read through a texture where `texture_reads` is set. */
function readLines(line: string): OutputLine[] {
  const texels = line.match(TEXELS)?.[1];
  if (texels !== undefined) return textureLines(texels);
  const reads = line.match(READS);
  if (!reads) return [{ text: line }];
  const [, directive, name] = reads;
  const type = reads[3] as keyof typeof OF_COPY;
  const updates = directive === "updates";
  const texture = `${name}_copy`;
  const buffer = (access: string) => `#binding var<storage, ${access}> ${name}: array<${type}>;`;
  return [
    ...lines("#if texture_reads"),
    ...textureLines(texture, name),
    ...lines(
      ...updates ? [buffer("read_write")] : [],
      `fn ${name}_at(i: u32) -> ${type} {`,
      `  return ${OF_COPY[type].replace("COPY", texture)};`,
      "}",
      "#else",
      buffer(updates ? "read_write" : "read"),
      `fn ${name}_at(i: u32) -> ${type} {`,
      `  return ${name}[i];`,
      "}",
      "#end",
    ),
  ];
}

/** A texture of fours of u32 that is addressed by one number, and the function that reads it. */
function textureLines(name: string, copyOf?: string): OutputLine[] {
  const binding = (type: string): OutputLine => ({
    text: `#binding var ${name}: ${type};`,
    ...copyOf === undefined ? {} : { copyOf },
  });
  const load = (level: string) =>
    lines(
      `fn ${name}_texel(i: u32) -> vec4<u32> {`,
      `  return textureLoad(${name}, vec2<u32>(i & 8191u, i >> 13u)${level});`,
      "}",
    );
  return [
    ...lines("#if storage_textures"),
    binding("texture_storage_2d<rgba32uint, read>"),
    ...load(""),
    ...lines("#else"),
    binding("texture_2d<u32>"),
    ...load(", 0"),
    ...lines("#end"),
  ];
}

function lines(...texts: string[]): OutputLine[] {
  return texts.map((text) => ({ text }));
}

function expandLines(lines: Line[], scope: Map<string, number>, out: OutputLine[]): void {
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!;
    let match: RegExpMatchArray | null;
    if ((match = line.text.match(FOR))) {
      const end = blockEnd(lines, i);
      const from = valueOf(match[2]!, scope, line);
      const to = valueOf(match[3]!, scope, line);
      const body = lines.slice(i + 1, end.end);
      for (let value = from; value < to; value++) {
        expandLines(body, new Map(scope).set(match[1]!, value), out);
      }
      i = end.end;
    } else if ((match = line.text.match(IF))) {
      const { middle, end } = blockEnd(lines, i);
      const body = valueOf(match[1]!, scope, line)
        ? lines.slice(i + 1, middle ?? end)
        : lines.slice((middle ?? end) + 1, end);
      expandLines(body, new Map(scope), out);
      i = end;
    } else if ((match = line.text.match(LET))) {
      scope.set(match[1]!, valueOf(match[2]!, scope, line));
    } else if (/^\s*#/.test(line.text) && !BINDING.test(line.text)) {
      throw templateError(line, `"${line.text.trim()}" has no place here`);
    } else {
      if (/\$\{[^}]*$/.test(line.text)) throw templateError(line, '"${" has no "}"');
      const text = line.text.replace(
        /\$\{([^}]*)\}/g,
        (_, expression) => String(valueOf(expression, scope, line)),
      );
      out.push({ ...line, text });
    }
  }
}

/** Where the block that a `#for` or `#if` at `start` opens has its `#else` and its `#end`. */
function blockEnd(
  lines: Line[],
  start: number,
): { middle: number | undefined; end: number } {
  let depth = 0;
  let middle: number | undefined;
  for (let i = start + 1; i < lines.length; i++) {
    const { text } = lines[i]!;
    if (FOR.test(text) || IF.test(text)) depth++;
    else if (ELSE.test(text) && depth === 0) middle = i;
    else if (END.test(text) && depth-- === 0) return { middle, end: i };
  }
  throw templateError(
    lines[start]!,
    `"${lines[start]!.text.trim()}" has no #end`,
  );
}

function templateError(line: Line, what: string): SyntaxError {
  return new SyntaxError(
    `Cannot expand the kernel template, line ${line.number}: ${what}`,
  );
}

/** The value of an expression, whose errors get the line. */
function valueOf(expression: string, scope: ReadonlyMap<string, number>, line: Line): number {
  try {
    return evaluate(expression, scope);
  } catch (error) {
    throw templateError(line, (error as Error).message);
  }
}

/**
 * Unrolls a kernel's text.
 *
 * WGSL has no way to say "one variable for each time step", and a loop over a function-local array
 * is many times slower than the same statements written out (software adapters keep such an array
 * in memory and compile it slowly). So kernels are templates: WGSL with line directives,
 *
 * ```wgsl
 * #include lib/batch      // the lines of another template
 * #binding var<storage, read> samples: array<Sample>;  // of group 0, numbered in order
 * #reads weights: vec4<f32>;  // a buffer of f32 or vec4<f32>, read by weights_at(i)
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

/** The names that a template's expressions may use, and their values. */
export type TemplateValues = Readonly<Record<string, number | boolean>>;

interface Line {
  readonly text: string;
  readonly number: number;
}

const FOR = /^\s*#for\s+(\w+)\s+in\s+(.+?)\.\.(.+)$/;
const LET = /^\s*#let\s+(\w+)\s*=\s*(.+)$/;
const IF = /^\s*#if\s+(.+)$/;
const ELSE = /^\s*#else\s*$/;
const END = /^\s*#end\s*$/;
const INCLUDE = /^\s*#include\s+(\S+)\s*$/;
const BINDING = /^\s*#binding\s+/;
const READS = /^#(reads|updates)\s+(\w+):\s*(f32|vec4<f32>);/;
/** What reads an element of the texture `NAME`, by its type. */
const TEXTURE_READ = {
  "f32": `let four = textureLoad(NAME, vec2<u32>((i >> 2u) & 8191u, i >> 15u), 0);
  return bitcast<f32>(four[i & 3u]);`,
  "vec4<f32>": `return bitcast<vec4<f32>>(textureLoad(NAME, vec2<u32>(i & 8191u, i >> 13u), 0));`,
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

/**
 * Expands a kernel template to plain WGSL.
 *
 * @param template WGSL with directive lines and `${}` expressions.
 * @param values The values that expressions may name. Names of loops and `#let` hide them.
 * @param includes The templates that `#include` may name.
 * @returns The WGSL text.
 * @throws {SyntaxError} If a directive or an expression can't be read, or names an unknown value;
 * the message has the line's number in the template, included lines counted.
 *
 * @example
 * ```ts
 * import { expandTemplate } from "./template.ts";
 *
 * const wgsl = expandTemplate("#for t in 0..steps\nlet h_${t} = x[${t * 2}];\n#end", { steps: 2 });
 * console.log(wgsl); // let h_0 = x[0];  let h_1 = x[2];
 * ```
 */
export function expandTemplate(
  template: string,
  values: TemplateValues,
  includes: Readonly<Record<string, string>> = {},
): string {
  const lines = includeLines(template, includes)
    .map((text, i) => ({ text, number: i + 1 }));
  const out: string[] = [];
  const scope = new Map(Object.entries(values).map(([name, value]) => [name, Number(value)]));
  expandLines(lines, scope, out);
  let bindings = 0;
  return out
    .map((line) => line.replace(BINDING, () => `@group(0) @binding(${bindings++}) `))
    .join("\n");
}

/** The lines of a template, those of included ones in place of the directive. */
function includeLines(template: string, includes: Readonly<Record<string, string>>): string[] {
  return template.split(/\r?\n/).flatMap((line) => {
    const reads = line.match(READS);
    if (reads) return readLines(reads[2]!, reads[3] as keyof typeof TEXTURE_READ, reads[1]!);
    const name = line.match(INCLUDE)?.[1];
    if (name === undefined) return [line];
    if (!Object.hasOwn(includes, name)) {
      throw new SyntaxError(
        `Cannot expand the kernel template as there is no "${name}" to include: there are ` +
          (Object.keys(includes).join(", ") || "none"),
      );
    }
    return includeLines(includes[name]!.trimEnd(), includes);
  });
}

/** A buffer that is read through a texture where `texture_reads` is set. */
function readLines(name: string, type: keyof typeof TEXTURE_READ, directive: string): string[] {
  const updates = directive === "updates";
  const texture = updates ? `${name}_before` : name;
  const buffer = (access: string) => `#binding var<storage, ${access}> ${name}: array<${type}>;`;
  return [
    "#if texture_reads",
    `#binding var ${texture}: texture_2d<u32>;`,
    ...updates ? [buffer("read_write")] : [],
    `fn ${name}_at(i: u32) -> ${type} {`,
    `  ${TEXTURE_READ[type].replace("NAME", texture)}`,
    "}",
    "#else",
    buffer(updates ? "read_write" : "read"),
    `fn ${name}_at(i: u32) -> ${type} {`,
    `  return ${name}[i];`,
    "}",
    "#end",
  ];
}

function expandLines(
  lines: Line[],
  scope: Map<string, number>,
  out: string[],
): void {
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!;
    let match: RegExpMatchArray | null;
    if ((match = line.text.match(FOR))) {
      const end = blockEnd(lines, i);
      const from = evaluate(match[2]!, scope, line);
      const to = evaluate(match[3]!, scope, line);
      const body = lines.slice(i + 1, end.end);
      for (let value = from; value < to; value++) {
        expandLines(body, new Map(scope).set(match[1]!, value), out);
      }
      i = end.end;
    } else if ((match = line.text.match(IF))) {
      const { middle, end } = blockEnd(lines, i);
      const body = evaluate(match[1]!, scope, line)
        ? lines.slice(i + 1, middle ?? end)
        : lines.slice((middle ?? end) + 1, end);
      expandLines(body, new Map(scope), out);
      i = end;
    } else if ((match = line.text.match(LET))) {
      scope.set(match[1]!, evaluate(match[2]!, scope, line));
    } else if (/^\s*#/.test(line.text) && !BINDING.test(line.text)) {
      throw templateError(line, `"${line.text.trim()}" has no place here`);
    } else {
      if (/\$\{[^}]*$/.test(line.text)) throw templateError(line, '"${" has no "}"');
      out.push(
        line.text.replace(
          /\$\{([^}]*)\}/g,
          (_, expression) => String(evaluate(expression, scope, line)),
        ),
      );
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

/** Binary operators, the loosest first; those of one row bind equally. */
const OPERATORS: Readonly<Record<string, (a: number, b: number) => number>>[] = [
  { "||": (a, b) => Number(a !== 0 || b !== 0) },
  { "&&": (a, b) => Number(a !== 0 && b !== 0) },
  {
    "==": (a, b) => Number(a === b),
    "!=": (a, b) => Number(a !== b),
    "<=": (a, b) => Number(a <= b),
    ">=": (a, b) => Number(a >= b),
    "<": (a, b) => Number(a < b),
    ">": (a, b) => Number(a > b),
  },
  { "+": (a, b) => a + b, "-": (a, b) => a - b },
  {
    "*": (a, b) => a * b,
    "/": (a, b) => Math.floor(a / b),
    "%": (a, b) => a % b,
  },
];

function evaluate(
  expression: string,
  scope: Map<string, number>,
  line: Line,
): number {
  const tokens = expression.match(/\d+|\w+|\|\||&&|[=!<>]=|[^\s]/g) ?? [];
  let at = 0;
  const fail = (what: string) => templateError(line, `${what} in "${expression.trim()}"`);
  const expect = (token: string) => {
    if (tokens[at++] !== token) throw fail(`"${token}" is missing`);
  };
  function binary(level: number): number {
    const operators = OPERATORS[level];
    if (!operators) return unary();
    let value = binary(level + 1);
    for (let token = tokens[at]; token !== undefined; token = tokens[at]) {
      const apply = Object.hasOwn(operators, token) ? operators[token] : undefined;
      if (!apply) break;
      at++;
      value = apply(value, binary(level + 1));
    }
    return value;
  }
  function unary(): number {
    const token = tokens[at++];
    if (token === undefined) throw fail("a value is missing");
    if (token === "-") return -unary();
    if (token === "!") return Number(unary() === 0);
    if (token === "(") {
      const value = binary(0);
      expect(")");
      return value;
    }
    if (/^\d/.test(token)) return Number(token);
    if (token === "min" || token === "max") {
      expect("(");
      const a = binary(0);
      expect(",");
      const b = binary(0);
      expect(")");
      return Math[token](a, b);
    }
    const value = scope.get(token);
    if (value === undefined) throw fail(`unknown name "${token}"`);
    return value;
  }
  const value = binary(0);
  if (at !== tokens.length) throw fail(`"${tokens[at]}" has no place`);
  if (!Number.isFinite(value)) throw fail("a division by zero");
  return value;
}

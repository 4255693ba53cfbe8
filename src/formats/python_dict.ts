/** Strings, brackets, what separates entries, and all that is between those. */
const TOKEN = /'[^'\\\n]*'|"[^"\\\n]*"|[[({]|[\])}]|[,:]|[^'"[\](){},:]+/y;
const STRING = /^[uU]?(?:'([^']*)'|"([^"]*)")$/;

/**
 * Splits the literal of a Python dictionary whose keys are strings. Python leaves open the order of
 * keys, the kind of quotes, white space and a last comma, and so does this.
 *
 * @param text The literal.
 * @returns The text of each key's value; undefined if it is no such literal.
 */
export function splitPythonDict(text: string): Map<string, string> | undefined {
  const literal = text.trim();
  if (!literal.startsWith("{") || !literal.endsWith("}")) return;
  const entries = new Map<string, string>();
  let parts = [""];
  let depth = 0;
  TOKEN.lastIndex = 1;
  while (TOKEN.lastIndex < literal.length) {
    const [token] = TOKEN.exec(literal) ?? [];
    if (token === undefined) return;
    const ends = depth === 0 && token === "}";
    if (ends || depth === 0 && token === ",") {
      const empty = parts.length === 1 && parts[0]!.trim() === "";
      if (!empty) {
        const key = pythonString(parts[0]!);
        if (key === undefined || parts.length !== 2) return;
        entries.set(key, parts[1]!.trim());
      } else if (!ends) return;
      parts = [""];
      if (ends) return TOKEN.lastIndex === literal.length ? entries : undefined;
    } else if (depth === 0 && token === ":") parts.push("");
    else {
      if ("[({".includes(token)) depth++;
      else if ("])}".includes(token)) depth--;
      if (depth < 0) return;
      parts[parts.length - 1] += token;
    }
  }
  return;
}

/**
 * The text of a Python string without escapes.
 *
 * @param literal The literal, with its quotes.
 * @returns The text; undefined if it is no such literal.
 */
export function pythonString(literal: string): string | undefined {
  const match = STRING.exec(literal.trim());
  return match ? match[1] ?? match[2] : undefined;
}

/**
 * The integers of a Python tuple such as `(2, 3)`, `(3,)` or, of Python 2, `(2L, 3L)`.
 *
 * @param literal The literal, with its parentheses.
 * @returns The integers; undefined if it is something else, or one is below 0 or not exact.
 */
export function pythonIntegers(literal: string): number[] | undefined {
  const inside = /^\(([^()]*)\)$/.exec(literal)?.[1];
  if (inside === undefined) return;
  if (inside.trim() === "") return [];
  const integers = inside.replace(/,\s*$/, "").split(",").map((integer) => integer.trim());
  if (!integers.every((integer) => /^\d{1,15}[lL]?$/.test(integer))) return;
  return integers.map((integer) => parseInt(integer));
}

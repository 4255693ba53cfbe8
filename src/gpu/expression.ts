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

/**
 * Evaluates an expression of a template: integers, names, the operators above, `-`, `!`, `min`, `max`
 * and parentheses.
 *
 * @param expression The expression.
 * @param scope The names that it may use, and their values.
 * @returns Its value; booleans are 0 and 1.
 * @throws {SyntaxError} If it can't be read, names an unknown value, or divides by zero.
 */
export function evaluate(expression: string, scope: ReadonlyMap<string, number>): number {
  const tokens = expression.match(/\d+|\w+|\|\||&&|[=!<>]=|[^\s]/g) ?? [];
  let at = 0;
  const fail = (what: string) => new SyntaxError(`${what} in "${expression.trim()}"`);
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

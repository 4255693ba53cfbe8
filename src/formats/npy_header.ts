/** The literals of Python that a header consists of. */
type Literal = string | boolean | number | null | Sequence | Dictionary;

/** A tuple or a list. */
interface Sequence {
  readonly kind: "tuple" | "list";
  readonly items: readonly Literal[];
}

/** A dictionary; of keys that are there twice the last one counts, as in Python. */
interface Dictionary {
  readonly kind: "dictionary";
  readonly entries: ReadonlyMap<string, Literal>;
}

/** What a header says, as far as its values are of the right kinds. */
export interface NpyHeader {
  /** The elements' type, such as `<f4`; nothing if it isn't one name, as for records. */
  readonly descr?: string;
  /** Whether the first index runs fastest. */
  readonly isFortran: boolean;
  /** The size of each dimension; nothing if it is no tuple of integers. */
  readonly shape?: readonly number[];
}

/** A token, whatever white space is before it; the long integers of Python 2 end in L. */
const TOKEN =
  /\s*(?:'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|(-?\d{1,15}[lL]?(?![\w.])|-?[\d.][\w.]*)|(True|False|None)\b|([{}()[\],:]))/y;

/** Brackets in brackets; nothing that NumPy writes for supported types needs as many. */
const MOST_DEPTH = 8;

/**
 * Reads the header of a `.npy` file: the literal of a Python dictionary, its keys in any order, with
 * white space, quotes and commas as Python allows them.
 *
 * @param text The header.
 * @returns What it says; nothing if it is no dictionary with `descr`, `fortran_order` and `shape`.
 */
export function parseNpyHeader(text: string): NpyHeader | undefined {
  const entries = parseDictionary(text);
  const [descr, order, shape] = ["descr", "fortran_order", "shape"]
    .map((key) => entries?.get(key));
  if (descr === undefined || typeof order !== "boolean" || shape === undefined) return undefined;
  const sizes = isTuple(shape) && shape.items.every(isSize) ? shape.items : undefined;
  return {
    ...typeof descr === "string" ? { descr } : {},
    isFortran: order,
    ...sizes ? { shape: sizes } : {},
  };
}

const isTuple = (value: Literal): value is Sequence =>
  typeof value === "object" && value?.kind === "tuple";

const isSize = (value: Literal): value is number => typeof value === "number" && value >= 0;

/** Reads a dictionary and nothing after it; gives nothing if the text is anything else. */
function parseDictionary(text: string): ReadonlyMap<string, Literal> | undefined {
  const reader = new LiteralReader(text);
  try {
    const value = reader.read();
    reader.end();
    return typeof value === "object" && value?.kind === "dictionary" ? value.entries : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Reads literals of Python, as far as headers have them. */
class LiteralReader {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Reads the next literal. */
  read(): Literal {
    const [, single, double, digits, name, mark] = this.#next();
    if (single !== undefined || double !== undefined) return single ?? double!;
    // What isn't an integer, or is too long for one, is of no use here.
    if (digits !== undefined) return /^-?\d{1,15}[lL]?$/.test(digits) ? parseInt(digits) : NaN;
    if (name !== undefined) return name === "None" ? null : name === "True";
    if (++this.#depth > MOST_DEPTH) throw new SyntaxError("too deep");
    const value = this.#readBracket(mark!);
    this.#depth--;
    return value;
  }

  /** Makes sure that nothing follows. */
  end(): void {
    if (this.#text.slice(this.#at).trim() !== "") throw new SyntaxError("more follows");
  }

  #readBracket(mark: string): Literal {
    if (mark === "(") {
      const { items, commas } = this.#readItems(")");
      // Without a comma brackets only group.
      return items.length === 1 && commas === 0 ? items[0]! : { kind: "tuple", items };
    }
    if (mark === "[") return { kind: "list", items: this.#readItems("]").items };
    if (mark !== "{") throw new SyntaxError(`unexpected ${mark}`);
    const entries = new Map<string, Literal>();
    while (!this.#skip("}")) {
      const key = this.read();
      if (typeof key !== "string" || !this.#skip(":")) throw new SyntaxError("no key");
      entries.set(key, this.read());
      if (!this.#skip(",") && !this.#isNext("}")) throw new SyntaxError("no comma");
    }
    return { kind: "dictionary", entries };
  }

  #readItems(end: string): { items: Literal[]; commas: number } {
    const items: Literal[] = [];
    let commas = 0;
    while (!this.#skip(end)) {
      // A comma alone is wrong, but it is clear what is.
      items.push(this.#isNext(",") ? null : this.read());
      if (this.#skip(",")) commas++;
      else if (!this.#isNext(end)) throw new SyntaxError("no comma");
    }
    return { items, commas };
  }

  #next(): RegExpExecArray {
    TOKEN.lastIndex = this.#at;
    const token = TOKEN.exec(this.#text);
    if (!token) throw new SyntaxError(`no token at ${this.#at}`);
    this.#at = TOKEN.lastIndex;
    return token;
  }

  #isNext(mark: string): boolean {
    return this.#text.slice(this.#at).trimStart().startsWith(mark);
  }

  #skip(mark: string): boolean {
    if (!this.#isNext(mark)) return false;
    this.#next();
    return true;
  }
}

/** How many extra bits follow the symbol of a length, from symbol 257. */
const LENGTH_BITS = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2]
  .concat([3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0]);
/** The order in which a block tells the lengths of the codes of code lengths. */
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const END_OF_BLOCK = 256;
const LONGEST_CODE = 15;

/** A Huffman code: how many codes there are of each length, and the symbols in the codes' order. */
interface Code {
  readonly counts: Uint16Array;
  readonly symbols: Uint16Array;
}

/**
 * Finds where compressed bytes of the DEFLATE format end: what decompresses them doesn't tell. They
 * are walked through, not checked: only what stands between a walker and the end is an error.
 *
 * @param bytes The compressed bytes, and whatever follows them.
 * @param start Where they begin.
 * @returns Where what follows begins; undefined if they don't end, or are damaged.
 */
export function deflateEnd(bytes: Uint8Array, start: number): number | undefined {
  let at = start * 8;
  const bits = (count: number) => {
    let value = 0;
    // Beyond the end there are zeros: the walk ends there, as it is looked at after each symbol.
    for (let i = 0; i < count; i++, at++) value |= ((bytes[at >>> 3] ?? 0) >>> (at & 7) & 1) << i;
    return value;
  };
  const symbol = ({ counts, symbols }: Code) => {
    let code = 0, first = 0, index = 0;
    for (let length = 1; length <= LONGEST_CODE; length++, at++) {
      code |= (bytes[at >>> 3] ?? 0) >>> (at & 7) & 1;
      const count = counts[length]!;
      if (code < first + count) {
        at++;
        return symbols[index + code - first]!;
      }
      index += count;
      first = first + count << 1;
      code <<= 1;
    }
    return undefined;
  };
  const isOver = () => at > bytes.length * 8;

  for (let last = false; !last;) {
    last = bits(1) === 1;
    const kind = bits(2);
    if (kind === 0) {
      at = Math.ceil(at / 8) * 8;
      const length = bits(16);
      if ((bits(16) ^ 0xffff) !== length) return;
      at += length * 8;
      if (isOver()) return;
      continue;
    }
    const codes = kind === 1 ? FIXED : kind === 2 ? readCodes(bits, symbol) : undefined;
    if (!codes) return;
    for (let next = symbol(codes[0]); next !== END_OF_BLOCK; next = symbol(codes[0])) {
      if (next === undefined || isOver()) return;
      if (next < END_OF_BLOCK) continue;
      const extra = LENGTH_BITS[next - END_OF_BLOCK - 1];
      if (extra === undefined) return;
      at += extra;
      const distance = symbol(codes[1]);
      if (distance === undefined || distance > 29) return;
      at += Math.max(0, (distance >> 1) - 1);
    }
    if (isOver()) return;
  }
  return Math.ceil(at / 8);
}

function makeCode(lengths: readonly number[]): Code {
  const counts = new Uint16Array(LONGEST_CODE + 1);
  for (const length of lengths) if (length > 0) counts[length]!++;
  const symbols = Array.from(lengths.keys()).filter((symbol) => lengths[symbol]! > 0)
    .sort((a, b) => lengths[a]! - lengths[b]! || a - b);
  return { counts, symbols: Uint16Array.from(symbols) };
}

const FIXED: readonly [Code, Code] = [
  makeCode(Array.from({ length: 288 }, (_, i) => i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8)),
  makeCode(new Array(30).fill(5)),
];

/** Reads the codes of symbols and of distances, at the start of a block that brings its own. */
function readCodes(
  bits: (count: number) => number,
  symbol: (code: Code) => number | undefined,
): [Code, Code] | undefined {
  const symbols = bits(5) + 257;
  const all = symbols + bits(5) + 1;
  const own = new Array<number>(ORDER.length).fill(0);
  const given = bits(4) + 4;
  for (const place of ORDER.slice(0, given)) own[place] = bits(3);
  const code = makeCode(own);
  const lengths: number[] = [];
  while (lengths.length < all) {
    const next = symbol(code);
    if (next === undefined) return;
    if (next < 16) lengths.push(next);
    else {
      const repeated = next === 16 ? lengths.at(-1) : 0;
      if (repeated === undefined) return;
      const times = next === 18 ? 11 + bits(7) : 3 + bits(next === 16 ? 2 : 3);
      lengths.push(...new Array<number>(times).fill(repeated));
    }
  }
  return [makeCode(lengths.slice(0, symbols)), makeCode(lengths.slice(symbols, all))];
}

/** The Huffman code of HPACK (RFC 7541 5.2, appendix B). It is canonical, so the lengths of its codes are all of it. */

/** Length of the code of each octet, then of EOS: `a` is 5 bits, `z` is 30. */
const LENGTHS =
  'isxxxxxxxtzxxzxxxxxxxxzxxxxxxxxxbffhibdgffdgdbbbaaabbbbbbbcdkbhf' +
  'ibccccccccccccccccccccccdcdioijbkabababbbaccbbbabcbaabccccckgjix' +
  'prpprrrsrssssststtrstssssqrsrsstrqprrssqsrrtqrssqqrqsrssprrrsrrs' +
  'vvporsruvvvwwvtuoqvwwvwtqqvvxwwwptpqrqqsrruuttvsvwvvwwwwwxwwwwwv' +
  'z';

const EOS = 256;
const SHORTEST = 5;
const LONGEST = 30;

/** Symbols by length and value; per length the first code and where its symbols begin. */
const symbols: number[] = [];
const firstCode: number[] = [];
const firstSymbol: number[] = [];

for (let length = 0, code = 0; length <= LONGEST; length++, code *= 2) {
  firstCode.push(code);
  firstSymbol.push(symbols.length);
  for (let symbol = 0; symbol <= EOS; symbol++) {
    if (LENGTHS.charCodeAt(symbol) - 0x61 + SHORTEST !== length) continue;
    symbols.push(symbol);
    code++;
  }
}
firstSymbol.push(symbols.length);

/** The text that `bytes[from..to)` stand for, as latin1; `undefined` where they stand for nothing. */
export function huffmanText(bytes: Uint8Array, from: number, to: number): string | undefined {
  let text = '';
  let code = 0;
  let length = 0;
  for (let at = from; at < to; at++) {
    for (let bit = 7; bit >= 0; bit--) {
      code = code * 2 + (((bytes[at] as number) >> bit) & 1);
      if (++length > LONGEST) return undefined;
      const symbol = symbolOf(code, length);
      if (symbol === undefined) continue;
      if (symbol === EOS) return undefined;
      text += String.fromCharCode(symbol);
      code = 0;
      length = 0;
    }
  }
  // Padding is the beginning of EOS: ones, fewer than 8 of them.
  return length < 8 && code === 2 ** length - 1 ? text : undefined;
}

function symbolOf(code: number, length: number): number | undefined {
  const index = code - (firstCode[length] as number);
  const first = firstSymbol[length] as number;
  return index >= 0 && index < (firstSymbol[length + 1] as number) - first ? symbols[first + index] : undefined;
}

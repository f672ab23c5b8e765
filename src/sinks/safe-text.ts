/**
 * Text from the wire, made safe for a terminal: this program runs as root, and a request-target may hold escape
 * sequences, characters that turn the reading direction, or invisible ones. Whatever is not plainly visible is written
 * out (`\x1b`, `\u{202e}`). Two steps, because text reaches a sink in two forms:
 * `decodeOctets` for strings with one character an octet (the model's latin1), `escapeUnsafe` for everything printed.
 */

/** Controls, format characters, lone surrogates, private and unassigned code points, blanks but U+0020, marks that pile up, and the invisible. */
const UNSAFE = /[\p{C}\p{M}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?! )\p{Zs}/gu;

/** Well-formed UTF-8 of two to four octets (RFC 3629 4), as latin1. */
const UTF8 =
  /[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}|[\x80-\xff]/g;

const NAMED: Readonly<Record<string, string>> = { '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/** Octets as text: valid UTF-8 decoded, any other octet above 0x7f as `\xNN`. Apply once: it is not idempotent. */
export function decodeOctets(latin1: string): string {
  return latin1.replace(UTF8, (octets) =>
    octets.length === 1 ? hexEscape(octets.charCodeAt(0)) : Buffer.from(octets, 'latin1').toString('utf8'),
  );
}

/** Nothing in the result can steer a terminal or reorder what it shows. Idempotent. */
export function escapeUnsafe(text: string): string {
  return text.replace(UNSAFE, (character) => {
    const code = character.codePointAt(0) as number;
    return NAMED[character] ?? (code <= 0xff ? hexEscape(code) : `\\u{${code.toString(16)}}`);
  });
}

/** Both: text from the wire to text for a terminal. */
export function safeText(latin1: string): string {
  return escapeUnsafe(decodeOctets(latin1));
}

/** A name from the command line or the file system: may hold anything, is UTF-8 already. */
export function safeName(name: string): string {
  return safeText(Buffer.from(name, 'utf8').toString('latin1'));
}

function hexEscape(code: number): string {
  return `\\x${code.toString(16).padStart(2, '0')}`;
}

/** Characters that take two columns (Unicode TR 11, wide and fullwidth; the blocks that matter). */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}|[\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;

const PLAIN = /^[\x20-\x7e]*$/;

/** Columns that safe text takes on a terminal. */
export function columnsOf(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let columns = 0;
  for (const character of text) columns += WIDE.test(character) ? 2 : 1;
  return columns;
}

/** At most `columns` of `text`; what was cut off is told by an ellipsis. */
export function cutText(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  let kept = '';
  let used = 0;
  for (const character of text) {
    used += columnsOf(character);
    if (used > columns - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

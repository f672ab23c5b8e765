/**
 * JSON that is safe on a terminal: whatever could steer one or reorder its text is written as \uXXXX, which every JSON
 * reader turns back into the same string. JSON.stringify itself escapes C0 controls and lone surrogates only.
 */

/** DEL, C1, and everything Unicode calls a control, a format character, a separator of lines, or invisible. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

export function jsonText(value: unknown): string {
  return JSON.stringify(value).replace(UNSAFE, escapeUnits);
}

function escapeUnits(character: string): string {
  let escaped = '';
  for (let at = 0; at < character.length; at++) {
    escaped += `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`;
  }
  return escaped;
}

/**
 * JSON that is safe on a terminal: whatever could steer one or reorder its text is written as \uXXXX, which every JSON
 * reader turns back into the same string. JSON.stringify itself escapes C0 controls and lone surrogates only.
 */

/** DEL, C1, and everything Unicode calls a control, a format character, a separator of lines, or invisible. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** What nearly every document is: to see that it is takes less than to look for what Unicode knows besides. */
const PLAIN = /^[ -~]*$/;

export function jsonText(value: unknown): string {
  const text = JSON.stringify(value);
  return PLAIN.test(text) ? text : text.replace(UNSAFE, escapeUnits);
}

function escapeUnits(character: string): string {
  let escaped = '';
  for (let at = 0; at < character.length; at++) {
    escaped += `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`;
  }
  return escaped;
}

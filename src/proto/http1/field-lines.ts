/**
 * The field lines of one head, made into names and values when somebody asks: of most heads nobody does. Kept until then
 * is the head as one text, which its names and values would hold on to anyway.
 */
import type { Field } from '../../model/message.ts';
import { HeadScan } from './head-scan.ts';
import { MARK, marks } from './marks.ts';

/** Fields kept as text per head. Node's own default would be 2000, Apache's is 100; what ties requests together comes early. */
export const FIELDS_KEPT = 128;

const FOLD = /\r?\n[ \t]+/g;

/**
 * Of the head, or what there is of it, that `text` is: in order as sent, `FIELDS_KEPT` at most. The head is scanned once
 * more: cheaper than to keep the marks of every head.
 */
export function fieldsOf(text: string): Field[] {
  const scan = new HeadScan();
  scan.begin(0);
  scan.scan(octetsOfText(text), 0, text.length);
  const fields: Field[] = [];
  for (let line = 0; line < Math.min(scan.lines, FIELDS_KEPT); line++) {
    const at = line * MARK;
    const name = text.slice(marks[at], marks[at + 1]);
    fields.push({ name, value: fieldValue(text, marks[at + 2] as number, marks[at + 3] as number) });
  }
  return fields;
}

let scratch = new Uint8Array(4096);

function octetsOfText(text: string): Uint8Array {
  if (scratch.length < text.length) scratch = new Uint8Array(text.length * 2);
  for (let at = 0; at < text.length; at++) scratch[at] = text.charCodeAt(at);
  return scratch;
}

/** nginx trims spaces only; RFC 9110 5.5 also trims tabs, and a folded line counts as one space. */
export function fieldValue(text: string, from: number, to: number): string {
  let start = from;
  let end = to;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  const plain = text.slice(start, end);
  return plain.includes('\n') ? plain.replace(FOLD, ' ') : plain;
}

function isBlank(octet: number): boolean {
  return octet === 0x09 || octet === 0x20;
}

/** Puts the bench's own table into the README, between its marks. */
import { readFileSync, writeFileSync } from 'node:fs';

const BEGIN = '<!-- bench -->';
const END = '<!-- /bench -->';

/** `text` with what lies between the marks replaced by `table`. */
export function withTable(text: string, table: string): string {
  const from = text.indexOf(BEGIN);
  const to = text.indexOf(END);
  if (from < 0 || to < from) throw new Error(`no ${BEGIN} and ${END} to put the table between`);
  return `${text.slice(0, from + BEGIN.length)}\n${table.trim()}\n${text.slice(to)}`;
}

export function writeTable(path: string, table: string): void {
  writeFileSync(path, withTable(readFileSync(path, 'utf8'), table));
}

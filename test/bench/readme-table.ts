/** Puts the bench's own tables into the README, between their marks. */
import { readFileSync, writeFileSync } from 'node:fs';

export type TableName = 'bench' | 'bench live' | 'bench tui';

/** `text` with what lies between the table's marks replaced by `table`. */
export function withTable(text: string, table: string, name: TableName): string {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error(`no ${begin} and ${end} to put the table between`);
  return `${text.slice(0, from + begin.length)}\n${table.trim()}\n${text.slice(to)}`;
}

export function writeTable(path: string, table: string, name: TableName): void {
  writeFileSync(path, withTable(readFileSync(path, 'utf8'), table, name));
}

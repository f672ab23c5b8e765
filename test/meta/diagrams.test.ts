/**
 * The state diagrams in the READMEs are drawn from the tables, so they cannot lie. A file that holds a life (`life.ts`,
 * `*-life.ts`) exports a function `...Diagram` that draws it, or the table itself; the README beside it holds the drawing
 * after the comment `<!-- diagram: FILE EXPORT -->`. `npm run bless` writes it there.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { filesUnder, ROOT } from './tree.ts';

type Table = Readonly<Record<string, Readonly<Record<string, string>>>>;

const lives = filesUnder('src').filter((path) => /(\/|-)life[.]ts$/.test(path));

/** Edges that lead back to their own state are left out. */
function draw(table: Table): string {
  const name = (state: string): string => state.replaceAll('-', '_');
  const lines = ['stateDiagram-v2'];
  for (const [state, row] of Object.entries(table)) {
    const edges = new Map<string, string[]>();
    for (const [input, next] of Object.entries(row)) {
      if (next !== state) edges.set(next, [...(edges.get(next) ?? []), input]);
    }
    for (const [next, inputs] of edges) lines.push(`  ${name(state)} --> ${name(next)}: ${inputs.join(', ')}`);
  }
  return lines.join('\n');
}

/** A table leads from each of its states to its states. */
function isTable(value: unknown): value is Table {
  if (typeof value !== 'object' || value === null) return false;
  const rows: unknown[] = Object.values(value);
  const states = Object.keys(value);
  return rows.every(
    (row) =>
      typeof row === 'object' && row !== null && Object.values(row).every((next) => states.includes(String(next))),
  );
}

async function drawings(path: string): Promise<[string, string][]> {
  const module: Record<string, unknown> = await import(pathToFileURL(join(ROOT, path)).href);
  const drawn = Object.entries(module).flatMap(([name, value]): [string, string][] =>
    typeof value === 'function' && /diagram$/i.test(name) ? [[name, String(value())]] : [],
  );
  if (drawn.length > 0) return drawn;
  return Object.entries(module).flatMap(([name, value]): [string, string][] =>
    isTable(value) ? [[name, draw(value)]] : [],
  );
}

function inReadme(readme: string, marker: string, block: string): string {
  const at = readme.indexOf(marker);
  if (at < 0) return `${readme.trimEnd()}\n\n${marker}\n${block}\n`;
  const rest = readme.slice(at + marker.length);
  return `${readme.slice(0, at)}${marker}\n${block}${rest.replace(/^\n```mermaid\n.*?\n```/s, '')}`;
}

describe('the README shows the life as it is in', () => {
  test.each(lives)('%s', async (path) => {
    const all = await drawings(path);
    expect(all.length, 'exports neither a function named ...Diagram nor a table').toBeGreaterThan(0);
    const file = join(ROOT, dirname(path), 'README.md');
    const readme = existsSync(file) ? readFileSync(file, 'utf8') : '';
    let fresh = readme;
    for (const [name, drawing] of all) {
      fresh = inReadme(fresh, `<!-- diagram: ${basename(path)} ${name} -->`, `\`\`\`mermaid\n${drawing}\n\`\`\``);
    }
    if (process.env['BLESS']) writeFileSync(file, fresh);
    else expect(readme, 'stale: npm run bless').toBe(fresh);
  });
});

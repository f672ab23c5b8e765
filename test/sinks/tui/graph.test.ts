import { Duplex, PassThrough } from 'node:stream';
import blessed from 'blessed';
import { expect, test } from 'vitest';
import { graphWidget } from '../../../src/sinks/tui/graph.ts';

const HEIGHT = 4;

/** The characters that the chart takes, a row each. */
function drawn(columns: readonly (readonly number[])[], max: number): string[] {
  const output = Object.assign(new PassThrough(), { isTTY: true, columns: 20, rows: 10 });
  const input = Object.assign(new Duplex({ read() {} }), { isTTY: true, isRaw: false, setRawMode() {} });
  const screen = blessed.screen({ input, output, terminal: 'xterm-256color', fullUnicode: true });
  const widget = graphWidget({ left: 0, top: 0, width: 6, height: HEIGHT }, screen);
  widget.show({ height: HEIGHT, columns, max });
  screen.render();
  const cells = (screen as unknown as { lines: [number, string][][] }).lines;
  const rows = cells.slice(0, HEIGHT).map((row) => row.slice(0, 6).map(([, sign]) => sign));
  screen.destroy();
  return rows.map((row) => row.join('').trimEnd());
}

test('a column is as tall as its share of the most', () => {
  expect(drawn([[8], [4], [0], [2]], 8)).toEqual(['⣿', '⣿', '⣿⣿', '⣿⣿ ⣿']);
});

test('parts of a stack stand on each other', () => {
  expect(drawn([[2, 6]], 8)).toEqual(['⣿', '⣿', '⣿', '⣿']);
});

test('what happened once among thousands is still a dot', () => {
  expect(drawn([[4000], [1], [0]], 4000).at(-1)).toBe('⣿⣀');
});

import { expect, test } from 'vitest';
import { line } from '../../../src/sinks/tui/frame.ts';
import { textPane, wholeScreen } from '../../../src/sinks/tui/text-pane.ts';

const pane = (count: number, scroll: number) =>
  textPane({
    at: wholeScreen({ cols: 40, rows: 12 }),
    title: 'text',
    lines: Array.from({ length: count }, (_, at) => line(String(at))),
    scroll,
    focused: true,
  });

test('a text that fits is shown whole, without a note', () => {
  expect(pane(8, 3)).toMatchObject({ note: '', lines: { length: 8 } });
});

test('a longer one is scrolled no further than its end, and says where it is', () => {
  expect(pane(30, 5).note).toBe('6-13 of 30');
  expect(pane(30, 1000).note).toBe('23-30 of 30');
  expect(pane(30, 1000).lines.at(-1)?.spans[0]?.text).toBe('29');
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { columnsOf } from '../../../src/sinks/safe-text.ts';
import { MAX_WIDTH, MIN_WIDTH, Page, pageOptions, wrap } from '../../../src/sinks/text/page.ts';

const text = fc.string({ unit: 'binary', maxLength: 300 });

test('no line of a page is wider than the page, whatever is printed', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200 }), text, text, (width, one, other) => {
      const page = new Page({ width, colour: false });
      page.paragraph(one, { indent: 6, hang: 8, lead: 'Do first: ' });
      page.noted({ text: '0.00 ms  ', role: 'quiet' }, one, 'frame 8812', 4);
      page.edges([{ text: one, role: 'title' }], { text: 'connect-refused, certain', role: 'cause' }, 2);
      page.flow(
        [one, other].map((piece) => ({ text: piece, role: 'plain' as const })),
        0,
      );
      const room = Math.max(MIN_WIDTH, Math.min(MAX_WIDTH, width));
      for (const line of page.take().split('\n')) expect(columnsOf(line)).toBeLessThanOrEqual(room);
    }),
  );
});

test('nothing printed can steer a terminal: a page holds line ends and the colours it made itself', () => {
  fc.assert(
    fc.property(text, (wire) => {
      const page = new Page({ width: 80, colour: true });
      page.paragraph(wire, { indent: 0, role: 'warning', lead: wire });
      page.edges([{ text: wire, role: 'cause' }], { text: wire.slice(0, 3), role: 'quiet' });
      page.noted({ text: '', role: 'quiet' }, wire, 'x', 2);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      const rest = page.take().replace(/\n|\x1b\[[\d;]*m/g, '');
      expect(rest).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u);
    }),
  );
});

test('text is broken at blanks, a long word where the line ends', () => {
  expect(wrap('one two three', 7, 5)).toEqual(['one two', 'three']);
  expect(wrap('abcdefghij kl', 4, 4)).toEqual(['abcd', 'efgh', 'ij', 'kl']);
  expect(wrap('', 10, 10)).toEqual(['']);
});

test('wrapping loses no letter', () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 1, max: 30 }), (words, width) => {
      expect(wrap(words, width, width).join('').replaceAll(' ', '')).toBe(words.replaceAll(' ', ''));
    }),
  );
});

test('a note stands at the right edge', () => {
  const page = new Page({ width: 40, colour: false });
  page.noted({ text: '+ 1 ms  ', role: 'quiet' }, 'RST from the peer', 'frame 7', 2);
  expect(page.take()).toBe('  + 1 ms  RST from the peer      frame 7\n');
});

test('colour where it is wanted: on a terminal, not in a pipe, never against NO_COLOR, always when asked', () => {
  const terminal = { isTTY: true, columns: 100 };
  expect(pageOptions(terminal, {}, 'auto')).toEqual({ width: 100, colour: true });
  expect(pageOptions(terminal, { NO_COLOR: '1' }, 'auto').colour).toBe(false);
  expect(pageOptions(terminal, { NO_COLOR: '' }, 'auto').colour).toBe(true);
  expect(pageOptions(terminal, { TERM: 'dumb' }, 'auto').colour).toBe(false);
  expect(pageOptions(terminal, {}, 'never').colour).toBe(false);
  expect(pageOptions({}, {}, 'auto')).toEqual({ width: 80, colour: false });
  expect(pageOptions({}, { NO_COLOR: '1' }, 'always').colour).toBe(true);
});

test('COLUMNS goes before the terminal; nonsense in it is ignored', () => {
  expect(pageOptions({ columns: 100 }, { COLUMNS: '72' }, 'auto').width).toBe(72);
  for (const nonsense of ['', '0', '-5', 'wide', '1.5']) {
    expect(pageOptions({ columns: 100 }, { COLUMNS: nonsense }, 'auto').width).toBe(100);
  }
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { columnsOf } from '../../../src/sinks/safe-text.ts';
import { column, fitted, line, paintable, span, wrapped } from '../../../src/sinks/tui/frame.ts';

const UNICODE = { unicode: true };

test('nothing that steers a terminal gets through, whatever was written into a line', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      fc.integer({ min: 1, max: 60 }),
      fc.boolean(),
      (text, width, unicode) => {
        const shown = fitted(line(span(text)), width, { unicode })
          .map((one) => one.text)
          .join('');
        expect(shown).not.toMatch(/[\p{C}\p{M}]/u);
        if (!unicode) expect(shown).toMatch(/^[\x20-\x7e]*$/);
        else expect(columnsOf(shown)).toBe(width);
      },
    ),
  );
});

test('what terminals draw with different widths is written out', () => {
  expect(paintable('\u{1f600}', UNICODE)).toBe('\\u{1f600}');
  expect(paintable('⚡', UNICODE)).toBe('\\u{26a1}');
  expect(paintable('日本', UNICODE)).toBe('日本');
});

test('a column is cut with a sign, or filled up', () => {
  expect(column('abc', 5)).toBe('abc  ');
  expect(column('abc', 5, 'right')).toBe('  abc');
  expect(column('abcdef', 4)).toBe('abc…');
});

test('words are wrapped, longer ones cut into pieces; nothing is lost', () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 2, max: 30 }), (text, width) => {
      const lines = wrapped(text, width);
      for (const one of lines) expect(columnsOf(one)).toBeLessThanOrEqual(width);
      expect(lines.join('').replaceAll(' ', '')).toBe(paintable(text, UNICODE).replaceAll(' ', ''));
    }),
  );
});

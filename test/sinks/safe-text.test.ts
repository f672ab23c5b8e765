import fc from 'fast-check';
import { expect, test } from 'vitest';
import { columnsOf, cutText, decodeOctets, escapeUnsafe, safeText } from '../../src/sinks/safe-text.ts';

/** What must never reach a terminal. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

const octets = fc
  .uint8Array({ maxLength: 200 })
  .map((array) => Array.from(array, (octet) => String.fromCharCode(octet)).join(''));

test.each([
  ['a colour change', '/\x1b[31mred', '/\\x1b[31mred'],
  ['a window title', '\x1b]0;root@prod\x07', '\\x1b]0;root@prod\\x07'],
  ['an 8-bit control sequence introducer', '/\x9b2J', '/\\x9b2J'],
  ['a C1 control in UTF-8', '/\xc2\x9b2J', '/\\x9b2J'],
  ['line breaks and tabs', 'a\r\nb\tc', 'a\\r\\nb\\tc'],
  ['a backspace and DEL', 'ab\b\x7f', 'ab\\x08\\x7f'],
  ['a right-to-left override', '/gpj\xe2\x80\xaetxt.exe', '/gpj\\u{202e}txt.exe'],
  ['a zero-width space', 'pay\xe2\x80\x8bpal', 'pay\\u{200b}pal'],
  ['a tag character outside the BMP', '\xf3\xa0\x81\x81', '\\u{e0041}'],
  ['a line separator', '\xe2\x80\xa8', '\\u{2028}'],
  ['a pile of combining marks', 'e\xcc\x81\xcc\x81', 'e\\u{301}\\u{301}'],
  ['a blank that is none', 'a\xc2\xa0b', 'a\\xa0b'],
  ['an overlong slash', '\xc0\xaf', '\\xc0\\xaf'],
  ['a surrogate in UTF-8', '\xed\xa0\x80', '\\xed\\xa0\\x80'],
  ['a lone continuation octet', 'caf\xa9', 'caf\\xa9'],
  ['UTF-8 cut in the middle', '\xe2\x82', '\\xe2\\x82'],
])('%s becomes visible', (_, wire, shown) => {
  expect(safeText(wire)).toBe(shown);
});

test.each([
  ['caf\xc3\xa9', 'café'],
  ['\xe6\x97\xa5\xe6\x9c\xac', '日本'],
  ['\xf0\x9f\x94\xa5', '🔥'],
  ['/plain?a=b%20c', '/plain?a=b%20c'],
])('readable text stays readable: %j', (wire, shown) => {
  expect(safeText(wire)).toBe(shown);
});

test('no octets yield a character that could steer a terminal', () => {
  fc.assert(fc.property(octets, (wire) => !UNSAFE.test(safeText(wire))));
});

test('no string at all does, lone surrogates included', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => !UNSAFE.test(escapeUnsafe(text))));
  expect(escapeUnsafe('\ud800')).toBe('\\u{d800}');
});

test('escaping twice is escaping once', () => {
  fc.assert(
    fc.property(octets, (wire) => {
      expect(escapeUnsafe(safeText(wire))).toBe(safeText(wire));
    }),
  );
});

test('what is valid UTF-8 is decoded to the text it encodes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(decodeOctets(Buffer.from(text, 'utf8').toString('latin1'))).toBe(text);
    }),
  );
});

test('wide characters take two columns, and a cut never passes its width', () => {
  expect(columnsOf('日本a')).toBe(5);
  expect(cutText('日本語', 4)).toBe('日…');
  fc.assert(
    fc.property(octets, fc.integer({ min: 1, max: 40 }), (wire, columns) => {
      expect(columnsOf(cutText(safeText(wire), columns))).toBeLessThanOrEqual(columns);
    }),
  );
});

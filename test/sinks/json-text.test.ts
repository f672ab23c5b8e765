import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonText } from '../../src/sinks/json-text.ts';

const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

test('what could steer a terminal is written as an escape', () => {
  expect(jsonText(['\x1b[31m', '\x9b2J', '\u202e', '\u{e0041}', '\u2028'])).toBe(
    '["\\u001b[31m","\\u009b2J","\\u202e","\\udb40\\udc41","\\u2028"]',
  );
});

test('any string comes back as it was, and none is unsafe to print', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const json = jsonText({ text });
      expect(JSON.parse(json)).toEqual({ text });
      expect(UNSAFE.test(json)).toBe(false);
    }),
  );
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { octetsOf } from '../../../src/model/octets.ts';
import { LINE_LIMIT, Line } from '../../../src/proto/memcached/line.ts';
import { octets } from '../cgi-talk.ts';

test('a line is whole with its end, and what follows is left', () => {
  const line = new Line();
  const given = octetsOf(octets('END\r\nVALUE'));
  expect(line.take(given, 0)).toBe(5);
  expect(line).toMatchObject({ state: 'whole', text: 'END\r\n', octets: 5 });
});

test('pieces make the same line', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[ -~]{0,2000}$/), fc.integer({ min: 1, max: 700 }), (text, size) => {
      const [whole, split] = [new Line(), new Line()];
      const bytes = octets(`${text}\n`);
      whole.take(octetsOf(bytes), 0);
      for (let at = 0; at < bytes.length; at += size) split.take(octetsOf(bytes.slice(at, at + size)), 0);
      expect(split).toEqual(whole);
      expect(whole.octets).toBe(text.length + 1);
    }),
  );
});

test('a line without an end is given up, and only its beginning kept', () => {
  const line = new Line();
  const given = octetsOf(new Uint8Array(LINE_LIMIT + 10).fill(0x78));
  expect(line.take(given, 0)).toBe(LINE_LIMIT);
  expect(line.state).toBe('too-long');
  expect(line.text.length).toBeLessThan(LINE_LIMIT);
});

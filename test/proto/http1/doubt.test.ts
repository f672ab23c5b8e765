import { expect, test } from 'vitest';
import { Doubt } from '../../../src/proto/http1/doubt.ts';
import { beginsResponse } from '../../../src/proto/http1/recognise.ts';
import { textOctets } from '../../kit/cases.ts';

const at = (frame: number) => ({ at: frame, frame });

test('what may be a body or a message is kept until it tells which', () => {
  const doubt = new Doubt();
  const bytes = textOctets('HTTP/1.1 204');
  expect(doubt.keep(bytes, 0, 5, at(1))).toBe(5);
  expect(doubt.answer({ begins: beginsResponse })).toBe('more');
  expect(doubt.keep(bytes, 5, 12, at(2))).toBe(12);
  expect(doubt.answer({ begins: beginsResponse })).toBe('yes');
  expect(doubt.since).toEqual(at(1));
  expect(doubt.bytes).toEqual(bytes);
});

test('what tells nothing for too long is a body', () => {
  const doubt = new Doubt();
  const taken = doubt.keep(new Uint8Array(10_000), 0, 10_000, at(1));
  expect(taken).toBeLessThan(10_000);
  expect(doubt.answer({ begins: () => 'more' })).toBe('no');
});

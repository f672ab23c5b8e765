import { expect, test } from 'vitest';
import type { HeadFacts } from '../../../src/proto/http1/fields.ts';
import { isBodiless, methodKind, requestFraming, responseFraming } from '../../../src/proto/http1/framing.ts';

function facts(length: number, coding: HeadFacts['coding'] = 'none'): Pick<HeadFacts, 'length' | 'coding'> {
  return { length, coding };
}

test('methods that change the framing of their response', () => {
  expect(['GET', 'HEAD', 'CONNECT', 'head'].map(methodKind)).toEqual(['other', 'HEAD', 'CONNECT', 'other']);
});

test.each([
  [facts(-1), 'none'],
  [facts(0), 'none'],
  [facts(5), 'length'],
  [facts(-2), 'unknown'],
  [facts(5, 'chunked'), 'chunked'],
  [facts(5, 'other'), 'unknown'],
])('a request', (head, framing) => {
  expect(requestFraming(head)).toBe(framing);
});

test.each([
  [facts(5), 101, 'other', 'tunnel'],
  [facts(5), 100, 'other', 'none'],
  [facts(5), 204, 'other', 'none'],
  [facts(5), 304, 'other', 'none'],
  [facts(5), 200, 'HEAD', 'none'],
  [facts(5), 200, 'CONNECT', 'tunnel'],
  [facts(5), 407, 'CONNECT', 'length'],
  [facts(5, 'chunked'), 200, 'other', 'chunked'],
  [facts(5, 'other'), 200, 'other', 'close'],
  [facts(-1), 200, 'other', 'close'],
  [facts(-2), 200, 'other', 'close'],
  [facts(0), 200, 'other', 'none'],
  [facts(5), 200, 'other', 'length'],
] as const)('a response (RFC 9112 6.3)', (head, status, method, framing) => {
  expect(responseFraming(head, status, method)).toBe(framing);
});

test('responses that never have a body', () => {
  expect(isBodiless(304, 'other')).toBe(true);
  expect(isBodiless(200, 'HEAD')).toBe(true);
  expect(isBodiless(200, 'other')).toBe(false);
});

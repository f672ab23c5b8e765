import { expect, test } from 'vitest';
import { type Input, LIFE, next, type State } from '../../../src/proto/http1/life.ts';

test('a message: head, body, and idle again', () => {
  expect(next('IDLE', 'octets')).toBe('HEAD');
  expect(next('HEAD', 'head-length')).toBe('BODY');
  expect(next('BODY', 'body-ends')).toBe('IDLE');
});

test('what is not in the table changes nothing', () => {
  expect(next('TUNNEL', 'octets')).toBe('TUNNEL');
  expect(next('CLOSED', 'octets')).toBe('CLOSED');
});

test('every state but the last can be closed', () => {
  for (const state of Object.keys(LIFE) as State[]) expect(next(state, 'closed')).toBe('CLOSED');
});

test('what most messages are read by is what the table says', () => {
  const inputs = ['octets', 'head-ends', 'head-length', 'head-chunked', 'body-ends', 'message-begins'] as const;
  for (const [state, row] of Object.entries(LIFE) as [State, Partial<Record<Input, State>>][]) {
    for (const input of inputs) expect(next(state, input)).toBe(row[input] ?? state);
  }
});

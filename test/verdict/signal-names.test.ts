import { expect, test } from 'vitest';
import { isFault, signalName } from '../../src/verdict/signal-names.ts';

test('signals have their names; one without is a number', () => {
  expect([9, 11, 15].map(signalName)).toEqual(['SIGKILL', 'SIGSEGV', 'SIGTERM']);
  expect(signalName(34)).toBe('signal 34');
});

test('a fault is what a program does to itself', () => {
  expect([11, 7, 6].every(isFault)).toBe(true);
  expect([9, 15, 1].some(isFault)).toBe(false);
});

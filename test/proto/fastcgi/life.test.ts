import { expect, test } from 'vitest';
import {
  type AnsweringInput,
  type AnsweringState,
  nextAnswering,
  nextSending,
  type Role,
  type SendingInput,
  type SendingState,
} from '../../../src/proto/fastcgi/life.ts';

const sent = (role: Role, ...inputs: SendingInput[]): SendingState =>
  inputs.reduce<SendingState>((state, input) => nextSending(role, state, input), 'PARAMS');
const answered = (...inputs: AnsweringInput[]): AnsweringState =>
  inputs.reduce<AnsweringState>((state, input) => nextAnswering(state, input), 'AWAITED');

test('each role owes its own streams', () => {
  expect(sent('responder', 'params', 'stdin')).toBe('SENT');
  expect(sent('authorizer', 'params')).toBe('SENT');
  expect(sent('filter', 'params', 'stdin')).toBe('DATA');
  expect(sent('filter', 'params', 'stdin', 'data')).toBe('SENT');
});

test('a stream that is not the one owed changes nothing', () => {
  expect(sent('responder', 'stdin', 'data')).toBe('PARAMS');
  expect(sent('responder', 'params', 'params', 'data')).toBe('STDIN');
  expect(sent('responder', 'params', 'stdin', 'stdin')).toBe('SENT');
});

test('an answer with all its parts', () => {
  expect(answered('record')).toBe('HEAD');
  expect(answered('record', 'head')).toBe('BODY');
  expect(answered('record', 'head', 'stdout')).toBe('CLOSED');
  expect(answered('record', 'head', 'stdout', 'endRequest')).toBe('ENDED');
});

test('a fault before the head spoils it, after the head it ends the answer', () => {
  expect(answered('record', 'fault')).toBe('SPOILT');
  expect(answered('record', 'fault', 'head')).toBe('SPOILT');
  expect(answered('record', 'head', 'fault')).toBe('ENDED');
});

test('nothing follows the end', () => {
  expect(answered('close', 'record', 'head', 'fault')).toBe('ENDED');
});

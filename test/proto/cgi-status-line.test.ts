import { expect, test } from 'vitest';
import { StatusLine } from '../../src/proto/cgi-status-line.ts';

function read(text: string): { step: string; at: number; status: number; version: string } {
  const line = new StatusLine();
  for (let at = 0; at < text.length; at++) {
    const step = line.step(text.charCodeAt(at));
    if (step !== 'more') return { step, at, status: line.status, version: line.version };
  }
  return { step: 'more', at: text.length, status: line.status, version: line.version };
}

test.each([
  ['HTTP/1.1 200 OK\r\n', 200, 'HTTP/1.1'],
  ['HTTP/1.0 404\r\n', 404, 'HTTP/1.0'],
  ['HTTP/1.1 502\n', 502, 'HTTP/1.1'],
  ['HTTP/1.1   403.1 Denied\n', 403, 'HTTP/1.1'],
  ['HTTP/1.1 200 \r\n', 200, 'HTTP/1.1'],
  ['HTTP/12.345 200 OK\n', 200, 'HTTP/12.345'],
])('%j is a status line', (text, status, version) => {
  expect(read(text)).toEqual({ step: 'done', at: text.length - 1, status, version });
});

test.each([
  ['Status: 200', 0],
  ['HTTPS', 4],
  ['HTTP/x', 5],
  ['HTTP/0.9', 5],
  ['HTTP/1x', 6],
  ['HTTP/1234', 8],
  ['HTTP/1.x', 7],
  ['HTTP/1. 200', 7],
  ['HTTP/1.1234', 10],
  ['HTTP/1.1 2x', 10],
  ['HTTP/1.1 2000', 12],
  ['HTTP/1.1 200 OK\rX', 16],
])('%j is none, as its octet %i tells', (text, at) => {
  expect(read(text)).toMatchObject({ step: 'not', at });
});

import { expect, test } from 'vitest';
import { CUT_MARK, cutRequestLine, requestLine, statusLine } from '../../../src/proto/http1/start-line.ts';
import { textOctets } from '../../kit/cases.ts';

function request(text: string) {
  const bytes = textOctets(text);
  return requestLine(bytes, 0, bytes.length);
}

function status(text: string, complete = true) {
  const bytes = textOctets(text);
  return statusLine(bytes, 0, bytes.length, complete);
}

test('a request line is a method, a target and a version', () => {
  expect(request('GET /a?b HTTP/1.1')).toEqual({ method: 'GET', target: '/a?b', version: 'HTTP/1.1' });
  expect(request('GET   /a  b   HTTP/1.0  ')).toEqual({ method: 'GET', target: '/a  b', version: 'HTTP/1.0' });
});

test.each(['GET /', 'GET HTTP/1.1', ' / HTTP/1.1', 'GET / HTTP/0.9', 'GET / HTTP/1', 'GET / HTTP/1.1x', ''])(
  'no request line: "%s"',
  (text) => expect(request(text)).toBeUndefined(),
);

test('a request line that was cut still says what it can', () => {
  const cut = (text: string) => cutRequestLine(textOctets(text), 0, textOctets(text).length);
  expect(cut('GET /a HTTP/1.1')).toMatchObject({ target: '/a', version: 'HTTP/1.1' });
  expect(cut('GET /a HTT')).toEqual({ method: 'GET', target: '/a', version: '' });
  expect(cut('GET /a/long')).toEqual({ method: 'GET', target: `/a/long${CUT_MARK}`, version: '' });
  expect(cut('GET ')).toBeUndefined();
  expect(cut('GE')).toBeUndefined();
});

test.each([
  ['HTTP/1.1 200 OK', 200],
  ['HTTP/1.1 200', 200],
  ['HTTP/1.0   404   Not Found', 404],
  ['HTTP/1.1 403.7 Forbidden', 403],
  ['HTTP/1.1 2 0 0 OK', 200],
  ['HTTP/99.99 999', 999],
])('a status line to nginx: %s', (text, code) => {
  expect(status(text)).toMatchObject({ status: code });
});

test.each([
  'HTTP/1.1 20',
  'HTTP/1.1 2000',
  'HTTP/1.1 20x',
  'HTTP/1.1200 OK',
  'HTTP/0.9 200',
  'HTTP/1 200',
  'HTTP/1.1 200 a\\rb',
  'http/1.1 200',
])('none to nginx: %s', (text) => expect(status(text)).toBe('bad'));

test('a status line in the making is not judged before its time', () => {
  const line = 'HTTP/1.1 204 No';
  for (let length = 0; length <= 12; length++) expect(status(line.slice(0, length), false)).toBe('more');
  for (let length = 13; length <= line.length; length++) {
    expect(status(line.slice(0, length), false)).toMatchObject({ status: 204 });
  }
});

import { expect, test } from 'vitest';
import { answerOf } from '../../../src/proto/memcached/answer.ts';

const refused = (line: string, key = '/a'): string => {
  const answer = answerOf(line, key);
  return answer.is === 'refused' ? answer.why : answer.is;
};

test('VALUE with the key, flags and a length is a value', () => {
  expect(answerOf('VALUE /a 0 12\r\n', '/a')).toEqual({ is: 'value', length: 12 });
  expect(answerOf('VALUE /a 4294967295 0\r\n', '/a')).toEqual({ is: 'value', length: 0 });
});

test('flags are not looked at, as nginx does not', () => {
  expect(answerOf('VALUE /a none 3\r\n', '/a')).toEqual({ is: 'value', length: 3 });
});

test('END is a missing key', () => {
  expect(answerOf('END\r\n', '/a')).toEqual({ is: 'end' });
});

test.each([
  ['error', 'ERROR\r\n'],
  ['client-error', 'CLIENT_ERROR bad command line format\r\n'],
  ['server-error', 'SERVER_ERROR out of memory\r\n'],
  ['key', 'VALUE /b 0 2\r\n'],
  ['length', 'VALUE /a 0 \r\n'],
  ['length', 'VALUE /a 0 -1\r\n'],
  ['length', 'VALUE /a 0 99999999999999999999\r\n'],
  ['http', 'HTTP/1.1 400 Bad Request\r\n'],
  ['redis', '$5\r\n'],
  ['redis', '-NOAUTH Authentication required.\r\n'],
  ['line', 'VALUE /a 2\r\n'],
  ['line', 'VALUE /a 0 2\n'],
  ['line', 'END \r\n'],
  ['line', '\n'],
  ['line', 'STORED\r\n'],
])('%s: %j', (why, line) => {
  expect(refused(line)).toBe(why);
});

import { expect, test } from 'vitest';
import { codeOf, failureOf, notACapture } from '../../src/sources/failure.ts';

test('a known error has a cause and a remedy in plain words', () => {
  const failure = failureOf('x.pcap', Object.assign(new Error('ENOENT: ...'), { code: 'ENOENT' }));
  expect(failure).toEqual({
    kind: 'failure',
    code: 'ENOENT',
    cause: 'x.pcap: no such file',
    remedy: 'Check the path; a relative one counts from the current directory.',
  });
});

test('any other error keeps its own words', () => {
  expect(failureOf('x', Object.assign(new Error('odd'), { code: 'EWHAT' }))).toMatchObject({
    code: 'EWHAT',
    cause: 'x: odd',
  });
  expect(failureOf('x', 'thrown')).toMatchObject({ code: 'unknown', cause: 'x: unknown' });
  expect(codeOf(Object.assign(new Error('odd'), { code: 5 }))).toBe('unknown');
});

test('what is no capture is a failure too', () => {
  expect(notACapture('x', 'the file is empty', 'Try.')).toEqual({
    kind: 'failure',
    code: 'not-a-capture',
    cause: 'x: the file is empty',
    remedy: 'Try.',
  });
});

import { describe, expect, test } from 'vitest';
import { STDERR_LIMIT, STDERR_RECORD_LIMIT } from '../../../src/proto/fastcgi/answering.ts';
import { fastcgi } from '../../../src/proto/fastcgi/fastcgi.ts';
import { client, clientRst, join, lines, play, server, serverFin, serverMisses, serverRst } from '../cgi-talk.ts';
import { endRequest, HEAD, record, request, stderr, stdout } from './records.ts';
import { answered, HEADED } from './said.ts';

describe('an answer that ends early', () => {
  test.each([
    ['within a record header', stdout(HEAD).subarray(0, 5), [], 'cut 5 0'],
    ['within the head', stdout(HEAD).subarray(0, 20), [], 'cut 20 0'],
    ['within the body', stdout(`${HEAD}abcdef`).subarray(0, 38), [HEADED], 'cut 38 2'],
    ['within STDERR', stderr('PHP Fatal').subarray(0, 11), ['3 stderr "PHP"'], 'cut 11 0'],
    ['after the body, without END_REQUEST', stdout(`${HEAD}ab`), [HEADED], 'cut 38 2'],
    ['after STDOUT ended', join(stdout(`${HEAD}ab`), stdout('')), [HEADED], 'complete 46 2'],
    [
      'after all of Content-Length',
      stdout('Content-Length: 2\r\n\r\nab'),
      ['2 response-head 200 Content-Length=2'],
      'complete 31 2',
    ],
  ])('%s', (_, octets, between, end) => {
    for (const closing of [serverFin, serverRst, clientRst]) {
      expect(answered(server(octets), closing)).toEqual(['2 response-start', ...between, `3 response-end ${end}`]);
    }
  });

  test('before anything: nothing is said of it', () => {
    expect(answered(serverRst)).toEqual([]);
  });
});

describe('after a gap', () => {
  test.each([
    ['FIN may have followed its end', serverFin, 'closed 54 2'],
    ['RST cut it', serverRst, 'cut 54 2'],
  ])('%s', (_, closing, end) => {
    expect(answered(server(stdout(`${HEAD}ab`)), serverMisses(16), closing).at(-1)).toBe(`4 response-end ${end}`);
  });

  test('a short body proves nothing', () => {
    const acts = [server(stdout('Content-Length: 900\r\n\r\nab')), serverMisses(500), server(endRequest())];
    expect(lines(play(fastcgi, [client(request()), ...acts])).at(-1)).toBe('4 response-end complete 549 2');
  });

  test('a hole in END_REQUEST hides its statuses, not that it came', () => {
    const octets = join(stdout(HEAD), endRequest({ app: 1, protocol: 2 }));
    for (const length of [2, 7]) {
      const acts = [server(octets.subarray(0, 45)), serverMisses(length), server(octets.subarray(45 + length))];
      expect(answered(...acts).slice(2)).toEqual([`${length === 7 ? 3 : 4} response-end complete 52 0`]);
    }
  });

  test('a hole in STDERR leaves the text around it', () => {
    const octets = stderr('before and after');
    const acts = [server(octets.subarray(0, 14)), serverMisses(5), server(octets.subarray(19))];
    expect(answered(...acts).at(-1)).toBe('4 stderr "beforeafter"');
  });
});

test('only the first fault of an answer counts', () => {
  const octets = join(stdout('A B\r\n'), record(99), stdout(''), stdout('x', { id: 9 }), endRequest());
  expect(answered(server(octets)).filter((line) => line.includes('fault'))).toHaveLength(1);
});

test('STDERR is told up to a limit a record and a limit a request', () => {
  const answer = join(...Array.from({ length: 20 }, () => stderr('e'.repeat(3000))));
  const texts = play(fastcgi, [client(request()), server(answer)], 1000).flatMap((message) =>
    message.kind === 'stderr' ? [message.text.length] : [],
  );
  expect(texts).toEqual(new Array(STDERR_LIMIT / STDERR_RECORD_LIMIT).fill(STDERR_RECORD_LIMIT));
});

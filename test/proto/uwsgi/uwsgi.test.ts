import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { octetsOf } from '../../../src/model/octets.ts';
import { uwsgi } from '../../../src/proto/uwsgi/uwsgi.ts';
import { runCases } from '../../kit/cases.ts';
import { client, clientFin, join, lines, octets, play, server, serverFin } from '../cgi-talk.ts';
import { VARS, vars } from './requests.ts';

runCases(new URL('./uwsgi.md', import.meta.url), [uwsgi]);

const judged = (bytes: string | Uint8Array): string => uwsgi.client(octetsOf(octets(bytes)));

describe('recognition', () => {
  test('needs the first name, and no more', () => {
    const whole = vars(VARS);
    const name = 4 + 2 + 'QUERY_STRING'.length;
    for (let length = 0; length < name; length++) expect(judged(whole.subarray(0, length))).toBe('more');
    for (let length = name; length <= whole.length; length++) expect(judged(whole.subarray(0, length))).toBe('yes');
  });

  test.each([0, 5, 6, 7, 8, 9, 11, 14, 15])('modifier1 %i takes vars', (modifier1) => {
    expect(judged(vars(VARS, { modifier1, modifier2: 3 }))).toBe('yes');
  });

  test.each([
    ['HTTP', 'GET / HTTP/1.1\r\n\r\n'],
    ['FastCGI', '\x01\x01\0\x01\0\x08\0\0\0\x01\0\0\0\0\0\0'],
    ['TLS', '\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03'],
    ['HTTP/2 settings', '\0\0\x12\x04\0\0\0\0\0\0\x03'],
    ['a name in small letters', vars([['query', '']])],
    ['a short name', vars([['ABC', '']])],
    ['a name that begins with a digit', vars([['1ABC', '']])],
    ['a size too small for the first pair', vars(VARS, { size: 15 })],
    ['a modifier without vars', vars(VARS, { modifier1: 100 })],
    ['an empty head', vars([])],
  ])('%s is none', (_, bytes) => {
    const judgement = judged(bytes);
    expect(bytes.length < 6 ? 'no' : judgement).toBe('no');
  });

  test('a server proves nothing', () => {
    expect(uwsgi.server(octetsOf(octets('HTTP/1.1 200 OK\r\n')))).toBe('no');
  });

  test('random octets are hardly ever taken for it', () => {
    fc.assert(fc.property(fc.uint8Array({ minLength: 16, maxLength: 600 }), (bytes) => judged(bytes) === 'no'));
  });
});

test('any octets on either side: no throw, and heads are told once', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 300 }), fc.nat(40), (asked, said, at) => {
      const begun = vars(VARS).subarray(0, at);
      const all = play(uwsgi, [client(begun), client(asked), server(said), clientFin, serverFin], 1 + (at % 7));
      const kinds = all.map(({ kind }) => kind);
      for (const kind of ['request-head', 'request-end', 'response-start', 'response-head', 'response-end'] as const) {
        expect(kinds.filter((one) => one === kind).length).toBeLessThanOrEqual(1);
      }
    }),
  );
});

test('what is generated is read back, at any split', () => {
  const name = fc.stringMatching(/^[A-Z][A-Z0-9_]{3,20}$/);
  const value = fc.stringMatching(/^[\x21-\x7e]{0,300}$/);
  fc.assert(
    fc.property(
      fc.array(fc.tuple(name, value), { minLength: 1 }),
      fc.nat(200),
      fc.integer({ min: 1, max: 50 }),
      (pairs, body, size) => {
        const list = [...pairs, ['CONTENT_LENGTH', String(body)] as const];
        const acts = [client(join(vars(list), 'x'.repeat(body))), server('Status: 404\r\n\r\nnone'), serverFin];
        const [head, ...rest] = play(uwsgi, acts, size);
        expect(head?.kind === 'request-head' && head.fields).toEqual(list.map(([name, value]) => ({ name, value })));
        expect(lines(rest).map((line) => line.slice(2))).toEqual([
          `request-end ${vars(list).length + body}`,
          'response-start',
          'response-head 404 Status=404',
          'response-end closed 19 4',
        ]);
      },
    ),
  );
});

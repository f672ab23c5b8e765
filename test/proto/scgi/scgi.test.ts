import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { octetsOf } from '../../../src/model/octets.ts';
import { scgi } from '../../../src/proto/scgi/scgi.ts';
import { runCases } from '../../kit/cases.ts';
import { client, clientFin, join, lines, octets, play, server, serverFin } from '../cgi-talk.ts';
import { HEADERS, netstring } from './requests.ts';

runCases(new URL('./scgi.md', import.meta.url), [scgi]);

const judged = (bytes: string | Uint8Array): string => scgi.client(octetsOf(octets(bytes)));

describe('recognition', () => {
  test('needs the length and the first name, and no more', () => {
    const whole = netstring(HEADERS);
    const name = whole.indexOf(0) + 1;
    for (let length = 0; length < name; length++) expect(judged(whole.subarray(0, length))).toBe('more');
    for (let length = name; length <= whole.length; length++) expect(judged(whole.subarray(0, length))).toBe('yes');
  });

  test.each(['GET / HTTP/1.1', '123456789', ':CONTENT_LENGTH\0', '70:CONTENT_TYPE\0', '70 CONTENT', '5:hello,', '\0'])(
    '%j is none',
    (text) => expect(judged(text)).toBe('no'),
  );

  test('a server proves nothing', () => {
    expect(scgi.server(octetsOf(octets('Status: 200 OK\r\n')))).toBe('no');
  });
});

test('any octets on either side: no throw, and heads are told once', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 300 }), fc.nat(90), (asked, said, at) => {
      const begun = netstring(HEADERS).subarray(0, at);
      const all = play(scgi, [client(begun), client(asked), server(said), clientFin, serverFin], 1 + (at % 7));
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
    fc.property(fc.array(fc.tuple(name, value)), fc.nat(200), fc.integer({ min: 1, max: 50 }), (pairs, body, size) => {
      const list = [['CONTENT_LENGTH', String(body)] as const, ...pairs.filter(([name]) => name !== 'CONTENT_LENGTH')];
      const acts = [client(join(netstring(list), 'x'.repeat(body))), server('Status: 404\r\n\r\nnone'), serverFin];
      const [head, ...rest] = play(scgi, acts, size);
      expect(head?.kind === 'request-head' && head.fields).toEqual(list.map(([name, value]) => ({ name, value })));
      expect(lines(rest).map((line) => line.slice(2))).toEqual([
        `request-end ${netstring(list).length + body}`,
        'response-start',
        'response-head 404 Status=404',
        'response-end closed 19 4',
      ]);
    }),
  );
});

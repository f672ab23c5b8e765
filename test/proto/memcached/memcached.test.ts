import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { octetsOf } from '../../../src/model/octets.ts';
import { memcached } from '../../../src/proto/memcached/memcached.ts';
import { PROTOCOLS } from '../../../src/proto/registry.ts';
import { runCases } from '../../kit/cases.ts';
import { client, clientFin, lines, octets, play, server, serverFin } from '../cgi-talk.ts';

runCases(new URL('./memcached.md', import.meta.url), [memcached]);

const judged = (bytes: string | Uint8Array): string => memcached.client(octetsOf(octets(bytes)));

describe('recognition', () => {
  test('needs the whole first line, and no more', () => {
    const line = 'get /shop/caf\xe9?id=7\r\n';
    for (let length = 0; length < line.length; length++) expect(judged(line.slice(0, length))).toBe('more');
    expect(judged(line)).toBe('yes');
    expect(judged(`${line}get /b\r\n`)).toBe('yes');
  });

  test.each([
    'GET /a\r\n',
    'gets /a\r\n',
    'get  /a\r\n',
    'get \r\n',
    'get /a\n',
    'get /a /b\r\n',
    'get /a HTTP/1.1\r\n',
    'get /\x01\r\n',
    'get /a\r',
    'set a 0 0 1\r\n',
  ])('%j is none', (text) => {
    expect(judged(`${text}x`)).toBe('no');
  });

  test('a key longer than memcached takes is one: that it is refused is worth telling', () => {
    expect(judged(`get ${'k'.repeat(300)}\r\n`)).toBe('yes');
    expect(judged(`get ${'k'.repeat(501)}`)).toBe('no');
  });

  test('a server proves nothing', () => {
    expect(memcached.server(octetsOf(octets('VALUE /a 0 2\r\n')))).toBe('no');
    expect(memcached.server(octetsOf(octets('END\r\n')))).toBe('no');
  });

  test('no other protocol takes its first line for one of its own', () => {
    const fit = PROTOCOLS.filter((protocol) => protocol.client(octetsOf(octets('get /a?id=7\r\n'))) !== 'no');
    expect(fit).toEqual([memcached]);
  });
});

test('any octets on either side: no throw, every answer ends once and has a request', () => {
  const said = fc.oneof(
    fc.uint8Array({ maxLength: 80 }),
    fc.constantFrom('END\r\n', 'ERROR\r\n', 'VALUE /a 0 3\r\n', 'abc\r\nEND\r\n', 'VALUE /b 0 9', '\r\n').map(octets),
  );
  const asked = fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.constantFrom('get /a\r\n', 'get /b\r\n').map(octets));
  const act = fc.oneof(asked.map(client), said.map(server));
  fc.assert(
    fc.property(fc.array(act, { maxLength: 12 }), fc.integer({ min: 1, max: 30 }), (acts, size) => {
      const all = play(memcached, [client('get /a\r\n'), ...acts, clientFin, serverFin], size);
      const count = (kind: string): number => all.filter((one) => one.kind === kind).length;
      expect(count('response-start')).toBe(count('response-end'));
      expect(count('response-head')).toBeLessThanOrEqual(count('response-end'));
      expect(count('response-start')).toBeLessThanOrEqual(count('request-head'));
      expect(count('request-head')).toBe(count('request-end'));
    }),
  );
});

test('what is stored is read back, at any split', () => {
  const key = fc.stringMatching(/^\/[\x21-\x7e]{0,200}$/);
  const value = fc.uint8Array({ maxLength: 200 });
  const found = fc.record({ key, value, flags: fc.nat() });
  fc.assert(
    fc.property(fc.array(found, { minLength: 1, maxLength: 5 }), fc.integer({ min: 1, max: 60 }), (all, size) => {
      const acts = all.flatMap(({ key, value, flags }) => {
        const text = `VALUE ${key} ${flags} ${value.length}\r\n${String.fromCharCode(...value)}\r\nEND\r\n`;
        return [client(`get ${key}\r\n`), server(text)];
      });
      const told = lines(play(memcached, acts, size)).filter((line) =>
        / (request-head|response-end) /.test(` ${line}`),
      );
      expect(told).toHaveLength(2 * all.length);
      for (const [at, { key, value }] of all.entries()) {
        expect(told[2 * at]).toContain(`GET ${key}`);
        expect(told[2 * at + 1]).toMatch(new RegExp(` complete \\d+ ${value.length}$`));
      }
    }),
  );
});

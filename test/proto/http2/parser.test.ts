import { once } from 'node:events';
import { connect, createServer, type ServerHttp2Stream } from 'node:http2';
import { Duplex } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Direction } from '../../../src/model/connection.ts';
import { STREAMS_LIMIT } from '../../../src/proto/http2/parser.ts';
import { PREFACE } from '../../../src/proto/http2/preface.ts';
import { logOf, type Script, scriptOf, split } from '../../kit/cases.ts';

type Spoken = Script['acts'];

/** Two ends of a connection, and all that is said on it. */
function wire(): { client: Duplex; server: Duplex; spoken: Spoken } {
  const spoken: Spoken = [];
  const end = (direction: Direction, other: () => Duplex): Duplex =>
    new Duplex({
      read() {},
      write(octets: Buffer, _encoding, done) {
        spoken.push({ kind: 'octets', direction, bytes: Uint8Array.from(octets) });
        other().push(octets);
        done();
      },
      final(done) {
        other().push(null);
        done();
      },
    });
  const client: Duplex = end('forward', () => server);
  const server: Duplex = end('reverse', () => client);
  return { client, server, spoken };
}

test('a dialogue of two real ends: Huffman codes, dynamic table, bodies, trailers', async () => {
  const { client, server, spoken } = wire();
  const h2 = createServer();
  h2.on('stream', (stream: ServerHttp2Stream) => {
    stream.respond(
      { ':status': 200, 'x-answer': 'forty-two', 'content-type': 'text/plain' },
      { waitForTrailers: true },
    );
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    stream.end('hello');
  });
  h2.emit('connection', server);
  const session = connect('http://shop.example', { createConnection: () => client });
  for (const path of ['/a?x=1', '/b', '/a?x=1']) {
    const request = session.request({
      ':authority': 'shop.example',
      ':method': 'POST',
      ':path': path,
      'x-request-id': `id of ${path}`,
    });
    request.end('body!');
    request.resume();
    await once(request, 'close');
  }
  session.close();
  const script = { midstream: false, pieces: 1, acts: spoken };
  const log = logOf(script);
  const heads = log.filter((line) => /^(request-head|response-head|response-end|fault|lost)/.test(line));
  expect(heads.map((line) => line.replace(/@\d+ | octets=\d+/g, ''))).toEqual(
    [1, 3, 5].flatMap((id) => [
      `request-head #${id} POST ${id === 3 ? '/b' : '/a?x=1'} HTTP/2.0 host=shop.example`,
      `response-head #${id} 200 HTTP/2.0`,
      `response-end #${id} complete body=5`,
    ]),
  );
  expect(log.filter((line) => line === '  x-answer: forty-two')).toHaveLength(3);
  const words = (lines: string[]) => lines.map((line) => line.replace(/@\d+/, ''));
  for (const size of [1, 2, 7, 30]) expect(words(logOf(split(script, size)))).toEqual(words(log));
});

test('streams beyond the limit push out the oldest', () => {
  const hex = (bytes: number[]) => bytes.map((octet) => octet.toString(16).padStart(2, '0')).join(' ');
  const asked = Array.from({ length: STREAMS_LIMIT + 1 }, (_, i) => {
    const id = 2 * i + 1;
    return hex([0, 0, 3, 1, 4, 0, 0, id >> 8, id & 255, 0x83, 0x84, 0x86]);
  });
  const ended = (id: number) => hex([0, 0, 0, 0, 1, 0, 0, id >> 8, id & 255]);
  const script = `> ${PREFACE.replaceAll('\r\n', '\\r\\n')}\n>+hex ${asked.join(' ')}\n>hex ${ended(1)} ${ended(3)}`;
  expect(logOf(scriptOf(script)).filter((line) => line.startsWith('request-end'))).toEqual([
    'request-end @2 #3 octets=21',
  ]);
});

test('any frames: no throw', () => {
  const frame = fc
    .record({
      type: fc.integer({ min: 0, max: 10 }),
      flags: fc.integer({ min: 0, max: 255 }),
      stream: fc.integer({ min: 0, max: 5 }),
      body: fc.uint8Array({ maxLength: 30 }),
    })
    .map(({ type, flags, stream, body }) => [0, 0, body.length, type, flags, 0, 0, 0, stream, ...body]);
  const act = fc.tuple(fc.constantFrom<Direction>('forward', 'reverse'), fc.array(frame, { maxLength: 4 }));
  fc.assert(
    fc.property(fc.array(act, { maxLength: 10 }), fc.integer({ min: 1, max: 40 }), (acts, size) => {
      const opening = {
        kind: 'octets' as const,
        direction: 'forward' as const,
        bytes: Uint8Array.from(PREFACE, (c) => c.charCodeAt(0)),
      };
      const said = acts.map(([direction, all]) => ({
        kind: 'octets' as const,
        direction,
        bytes: Uint8Array.from(all.flat()),
      }));
      const script = {
        midstream: false,
        pieces: 1,
        acts: [opening, ...said, { kind: 'rst' as const, direction: 'reverse' as const }],
      };
      const normal = (lines: string[]) => lines.map((line) => line.replace(/^(fault .*) ".*"$/, '$1'));
      expect(normal(logOf(split(script, size)))).toEqual(normal(logOf(script)));
    }),
  );
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { octetsOf } from '../../../src/model/octets.ts';
import { fastcgi } from '../../../src/proto/fastcgi/fastcgi.ts';
import { runCases } from '../../kit/cases.ts';
import {
  type Act,
  client,
  clientFin,
  clientMisses,
  dialogueOf,
  join,
  lines,
  play,
  server,
  serverFin,
  serverMisses,
  serverRst,
} from '../cgi-talk.ts';
import {
  begin,
  endRequest,
  HEAD,
  type Pair,
  pairs,
  params,
  record,
  request,
  stderr,
  stdin,
  stdout,
} from './records.ts';
import { FINAL, HEADED } from './said.ts';

for (const name of ['exchanges', 'faults', 'closes']) runCases(new URL(`./${name}.md`, import.meta.url), [fastcgi]);

test('the first octet of a record header is the start of the answer', () => {
  const [start] = play(fastcgi, [client(request()), server(FINAL.subarray(0, 1)), server(FINAL.subarray(1))]).slice(2);
  expect(start?.moment.frame).toBe(2);
});

test('after a gap beyond a record, reading goes on at a chunk whose header fits', () => {
  const acts: Act[] = [
    client(request()),
    server(stdout(`${HEAD}begin`).subarray(0, 40)),
    serverMisses(500),
    server('\x01\x06\x00\x09 no request of ours'),
    server('short'),
    server(join(stdout('more'), endRequest())),
    serverFin,
  ];
  expect(lines(play(fastcgi, acts)).slice(2)).toEqual([
    '2 response-start',
    HEADED,
    '6 end-request 0 0',
    '6 response-end complete 596 9',
  ]);
});

test('with a gap in the head before it, what is passed over is lost', () => {
  const acts: Act[] = [
    client(request()),
    server(stdout(HEAD).subarray(0, 10)),
    serverMisses(500),
    server('whatever it is'),
    server(endRequest()),
  ];
  expect(lines(play(fastcgi, acts)).slice(2)).toEqual([
    '2 response-start',
    '3 lost reverse 26',
    '3 lost reverse 474',
    '5 lost reverse 14',
    '5 end-request 0 0',
    '5 response-end complete 540 0',
  ]);
});

test('a gap on a connection with two requests belongs to neither', () => {
  const two = { id: 2 };
  const asked = join(request(), request(two));
  const acts = [client(asked), server(stdout('Status: 201\r\n')), serverMisses(50), server(endRequest(two)), serverFin];
  expect(lines(play(fastcgi, acts)).slice(4)).toEqual([
    '2 response-start',
    '3 lost reverse 50',
    '3 response-head 201 Status=201',
    '4 #2 response-start',
    '4 #2 end-request 0 0',
    '4 #2 response-end complete 16 0',
    '5 response-end closed 21 0',
  ]);
});

test('midstream: what is under way is passed over, the next request is read', () => {
  const acts: Act[] = [
    server('tail of a body'),
    client('tail of STDIN'),
    client(request()),
    server(FINAL),
    clientFin,
    serverFin,
  ];
  expect(lines(play(fastcgi, acts, Infinity, true)).map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
    '3 lost',
    '3 request-head',
    '3 request-end',
    '4 lost',
    '4 response-start',
    '4 response-head',
    '4 end-request',
    '4 response-end',
  ]);
});

test('midstream: a record of an unknown request is no fault', () => {
  const acts = [client(request()), server(stdout(HEAD, { id: 9 })), server(join(FINAL, stdout('x', { id: 9 })))];
  expect(lines(play(fastcgi, acts, Infinity, true)).filter((line) => line.includes('fault'))).toEqual([]);
});

test('a value of 100,000 octets over records is kept up to the limit, and the next parameter is read', () => {
  const list = [
    ['HTTP_X', 'v'.repeat(100_000)],
    ['REQUEST_METHOD', 'PUT'],
  ] as const;
  const [head] = play(fastcgi, [client(join(begin(), params(list, { size: 999 })))], 777);
  expect(head?.kind === 'request-head' && [head.method, head.fields[0]?.value.length]).toEqual(['PUT', 16_384]);
});

/** Octets as a capture may hold them: whole records, broken ones, noise. */
const noise = fc.oneof(
  fc.uint8Array({ maxLength: 60 }),
  fc
    .tuple(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 3 }), fc.uint8Array({ maxLength: 40 }), fc.nat(9))
    .map(([type, id, content, padding]) => record(type, content, { id, padding })),
  fc.constantFrom(request(), FINAL, begin(), stdin(), stdout(HEAD), stderr('e'), endRequest()),
);
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 5, arbitrary: noise.map(client) },
  { weight: 5, arbitrary: noise.map(server) },
  fc.nat(100).map(clientMisses),
  fc.nat(100).map(serverMisses),
);

test('any octets, gaps and closes: no throw, and every answer begins before it ends', () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 30 }), fc.integer({ min: 1, max: 40 }), fc.boolean(), (acts, size, mid) => {
      const begun = new Map<number, boolean>();
      for (const message of play(fastcgi, [...acts, clientFin, serverRst], size, mid)) {
        const { kind, requestId } = message;
        if (kind === 'response-start') begun.set(requestId, true);
        if (kind === 'response-head' || kind === 'response-end') expect(begun.get(requestId)).toBe(true);
        if (kind === 'response-end') begun.set(requestId, false);
      }
    }),
    { numRuns: 300 },
  );
});

test('without gaps the octets say the same at any split', () => {
  const octets = fc.oneof(noise.map(client), noise.map(server));
  fc.assert(
    fc.property(fc.array(octets, { maxLength: 12 }), fc.integer({ min: 1, max: 20 }), (acts, size) => {
      const all = [client(begin()), ...acts, clientFin, serverFin];
      expect(lines(play(fastcgi, all, size))).toEqual(lines(play(fastcgi, all)));
    }),
    { numRuns: 300 },
  );
});

test('what is generated is read back, at any split', () => {
  const name = fc.stringMatching(/^[A-Z_]{1,140}$/);
  const value = fc.string({ unit: fc.nat(255).map((code) => String.fromCharCode(code)), maxLength: 300 });
  const generated = fc.record({
    list: fc.array(fc.tuple(name, value) as fc.Arbitrary<Pair>, { maxLength: 12 }),
    body: fc.integer({ min: 1, max: 500 }),
    padding: fc.nat(8),
    size: fc.integer({ min: 1, max: 90 }),
    chunk: fc.integer({ min: 1, max: 120 }),
    long: fc.boolean(),
  });
  fc.assert(
    fc.property(generated, ({ list, body, padding, size, chunk, long }) => {
      const asked = join(begin({ padding }), params(list, { size, padding, long }), stdin('i'.repeat(body), { size }));
      const answer = join(
        ...['Status: 503 x\r\n', '\r', '\n', 'o'.repeat(body)].flatMap((part) => [
          stderr('e', { padding }),
          stdout(part),
        ]),
        endRequest({ app: body }),
      );
      const [head, ...rest] = play(fastcgi, [client(asked), server(answer)], chunk);
      expect(head?.kind === 'request-head' && head.fields).toEqual(list.map(([name, value]) => ({ name, value })));
      const said = lines(rest).filter((line) => !line.includes('stderr'));
      expect(said).toEqual([
        `1 request-end ${asked.length}`,
        '2 response-start',
        '2 response-head 503 Status=503 x',
        `2 end-request ${body} 0`,
        `2 response-end complete ${answer.length} ${body}`,
      ]);
    }),
    { numRuns: 200 },
  );
});

test('what is kept of a hostile connection is bounded, however much is sent', () => {
  const parser = fastcgi.open(dialogueOf(fastcgi), () => {});
  const say = (side: 'client' | 'server', bytes: Uint8Array): void =>
    parser.chunk(side, octetsOf(Uint8Array.from(bytes)), { at: 0, frame: 1 });
  const large = record(4, pairs([['HTTP_LARGE', 'x'.repeat(60_000)]]));
  const small = record(4, pairs(Array.from({ length: 500 }, (_, n) => [`HTTP_NUMBER_${n}`, 'a value of some size'])));
  say('client', begin());
  const before = process.memoryUsage().heapUsed;
  for (let n = 0; n < 500; n++) {
    say('client', large);
    say('client', small);
    say('server', stderr('e'.repeat(60_000)));
    say('server', stdout(`X: ${'y'.repeat(50_000)}`));
  }
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(40e6);
});

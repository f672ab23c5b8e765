import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Direction } from '../../src/model/connection.ts';
import { octetsOf } from '../../src/model/octets.ts';
import { Listening, TRIES_LIMIT } from '../../src/proto/listening.ts';
import { type Protocol, RECOGNITION_LIMIT } from '../../src/proto/protocol.ts';
import { fakeConnection, textOctets } from '../kit/cases.ts';

const moment = { at: 1, frame: 1 };

/** Recognised by `!` as the fourth octet of a client, or `?` as the first of a server. */
function toy(log: string[]): Protocol {
  const parser = {
    chunk: (side: string, { start, end }: { start: number; end: number }) => log.push(`${side} ${end - start}`),
    gap: (side: string, length: number) => log.push(`${side} gap ${length}`),
    finished: (side: string) => log.push(`${side} finished`),
    aborted: () => {},
  };
  return {
    name: 'tls',
    client: ({ bytes, start, end }) => (end - start < 4 ? 'more' : bytes[start + 3] === 0x21 ? 'yes' : 'no'),
    server: ({ bytes, start }) => (bytes[start] === 0x3f ? 'yes' : 'no'),
    open: () => parser as never,
  };
}

function listen(midstream = false) {
  const log: string[] = [];
  const protocol = toy(log);
  const listening = new Listening([protocol], fakeConnection(midstream));
  let rest = 0;
  const say = (direction: Direction, text: string) => {
    const heard = listening.chunk(direction, octetsOf(textOctets(text)), moment, ({ start, end }) => {
      rest = end - start;
    });
    if (typeof heard === 'object')
      listening.replay(
        protocol.open(undefined as never, () => {}),
        heard,
      );
    return typeof heard === 'object' ? `found ${rest}` : heard;
  };
  return { log, listening, say };
}

test('what was held is replayed in order, what proved it is not held', () => {
  const { log, say } = listen();
  expect(say('forward', 'ab')).toBeUndefined();
  expect(say('reverse', '?xyz')).toBeUndefined();
  expect(say('forward', 'c!and more')).toBe('found 10');
  expect(log).toEqual(['client 2', 'server 4']);
});

test('a client’s octets that fit nothing end it, unless the server answers', () => {
  const silly = listen();
  expect([silly.say('forward', 'abcd'), silly.say('forward', 'efgh'), silly.say('reverse', 'x')]).toEqual([
    undefined,
    undefined,
    'unrecognised',
  ]);
  const answered = listen();
  answered.say('forward', 'abcd');
  answered.say('forward', 'efgh');
  expect(answered.say('reverse', '?')).toBe('found 1');
  expect(answered.log).toEqual(['client 4', 'client 4']);
});

test('no more than the limit is held of a server that speaks first', () => {
  const { log, say } = listen();
  for (let i = 0; i < 9; i++) say('reverse', 'x'.repeat(100));
  expect(say('forward', 'abc!')).toBe('found 4');
  expect(log.reduce((sum, line) => sum + Number(/^server (\d+)$/.exec(line)?.[1] ?? 0), 0)).toBe(RECOGNITION_LIMIT);
  expect(log.at(-1)).toBe(`server gap ${900 - RECOGNITION_LIMIT}`);
});

test('midstream every chunk may begin something, of either side, until the tries of both are used up', () => {
  const { log, say } = listen(true);
  expect(say('reverse', 'zzzz')).toBeUndefined();
  expect(say('forward', '?')).toBe('found 1');
  expect(log).toEqual(['client gap 4']);
  const deaf = listen(true);
  for (let i = 0; i < TRIES_LIMIT; i++) expect(deaf.say('reverse', 'zzzz')).toBeUndefined();
  for (let i = 1; i < TRIES_LIMIT; i++) expect(deaf.say('forward', 'zzzz')).toBeUndefined();
  expect(deaf.say('forward', 'zzzz')).toBe('unrecognised');
});

test('a close is replayed too, if the protocol is known only later', () => {
  const { log, listening, say } = listen();
  say('reverse', 'xy');
  expect(listening.finished('reverse', moment)).toBeUndefined();
  expect(say('forward', 'abc!')).toBe('found 4');
  expect(log).toEqual(['server 2', 'server finished']);
});

test('whatever comes, what is held stays within its limit', () => {
  const act = fc.tuple(
    fc.constantFrom<Direction>('forward', 'reverse'),
    fc.integer({ min: 0, max: 700 }),
    fc.boolean(),
  );
  fc.assert(
    fc.property(fc.array(act, { maxLength: 30 }), fc.boolean(), (acts, midstream) => {
      const { log, listening, say } = listen(midstream);
      for (const [direction, length, gap] of acts) {
        if (gap) listening.gap(direction, length, 'lost', moment);
        else if (say(direction, 'z'.repeat(length))) break;
      }
      const held = log.reduce((sum, line) => sum + Number(/^(?:client|server) (\d+)$/.exec(line)?.[1] ?? 0), 0);
      expect(held).toBeLessThanOrEqual(2 * RECOGNITION_LIMIT);
    }),
  );
});

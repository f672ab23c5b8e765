import { expect, test } from 'vitest';
import { seqEqual } from '../../src/bytes/seq.ts';
import { FORWARD_MOMENTS, newMoments } from '../../src/conn/moments.ts';
import { Stream } from '../../src/conn/stream.ts';

test('positions count on where sequence numbers wrap, beyond 4 GiB too', () => {
  const stream = new Stream(newMoments(), FORWARD_MOMENTS);
  stream.begin(0xfffffff0, 'known');
  for (let n = 0; n < 5; n++) stream.advance(2 ** 30);
  expect(stream).toMatchObject({ position: 5 * 2 ** 30, octets: 5 * 2 ** 30 });
  expect(seqEqual(stream.firstSeq, 0xfffffff0)).toBe(true);
  expect(stream.positionOf(stream.next + 3)).toBe(5 * 2 ** 30 + 3);
  expect(stream.positionOf(stream.next - 3)).toBe(5 * 2 ** 30 - 3);
});

test('what was never seen is undefined or nothing', () => {
  expect(new Stream(newMoments(), FORWARD_MOMENTS)).toMatchObject({
    firstOctet: undefined,
    lastOctet: undefined,
    lastAcknowledgement: undefined,
    fin: undefined,
    rst: undefined,
    rstTtl: 0,
    retransmissions: 0,
    missing: 0,
    finPosition: Number.POSITIVE_INFINITY,
  });
});

import { expect, test } from 'vitest';
import { pcapngFile, SOME_TIME } from './capture-files.ts';
import { tcpFrame } from './packets.ts';
import { asCooked, asEthernet, barePackets, seenTwice } from './rewrap.ts';

const frames = ['SYN', 'SYN ACK', 'ACK'].map((flags, n) => ({
  at: SOME_TIME + BigInt(n) * 3_000n,
  octets: tcpFrame({ flags, payload: 'x'.repeat(n) }),
}));

test('frames come back as they were, however often they are wrapped anew', () => {
  const bare = barePackets(pcapngFile(frames));
  expect(bare.map(asEthernet)).toEqual(frames.map((frame) => ({ ...frame, wireLength: frame.octets.length })));
  expect(barePackets(pcapngFile(bare.map(asCooked), { linkType: 276 }))).toEqual(bare);
});

test('what the snap length cut stays cut', () => {
  const [frame = frames[0]] = frames.map(({ at, octets }) => ({ at, octets, wireLength: 1000 }));
  const [bare] = barePackets(pcapngFile(frame ? [frame] : []));
  expect(bare && asEthernet(bare).wireLength).toBe(1000);
  expect(bare && asCooked(bare).wireLength).toBe(1006);
});

test('copies stand among the packets in the order of their times, by another interface', () => {
  const twice = seenTwice(barePackets(pcapngFile(frames)));
  const order = twice.map(({ at, interfaceIndex }) => `${at - SOME_TIME}@${interfaceIndex}`);
  expect(order).toEqual(['0@1', '3000@1', '4000@11', '6000@1', '7000@11', '10000@11']);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { octetsOf } from '../../src/model/octets.ts';
import { FramedStream, type FrameReader } from '../../src/proto/framed-stream.ts';

/** Frames of a toy protocol: `F`, the length, the contents; two octets of each are wanted. */
function toy() {
  const log: string[] = [];
  const reader: FrameReader = {
    wanted: 2,
    fits: (bytes, from, to) => (bytes[from] !== 0x46 ? 'no' : to - from < 2 ? 'more' : 'yes'),
    frame: (header) => {
      log.push(`frame ${header[1]}`);
      return header[1] as number;
    },
    contents: (bytes, length) => log.push(`contents ${bytes.slice(0, length).join(',')}`),
    ended: () => log.push('ended'),
    refused: (bytes, from, to, last) => {
      if (to - from < 3 && !last) return false;
      log.push(`refused ${bytes.slice(from, to).join(',')}`);
      return true;
    },
    lost: (octets) => log.push(`lost ${octets}`),
  };
  const stream = new FramedStream(2, reader);
  return { log, stream, say: (...octets: number[]) => stream.chunk(octetsOf(Uint8Array.from(octets))) };
}

test('frames are told in order, and only what is wanted of them', () => {
  const { log, say } = toy();
  say(0x46, 3, 7, 8, 9, 0x46, 0, 0x46, 1, 5, 0x46);
  say(2, 1);
  say(2);
  expect(log).toEqual([
    'frame 3',
    'contents 7,8',
    'ended',
    'frame 0',
    'ended',
    'frame 1',
    'contents 5',
    'ended',
    'frame 2',
    'contents 1,2',
    'ended',
  ]);
});

test('a gap inside of a frame is stepped over; what is held is given as it is', () => {
  const { log, stream, say } = toy();
  say(0x46, 5, 7);
  stream.gap(4);
  say(0x46, 0);
  expect(log).toEqual(['frame 5', 'contents 7', 'ended', 'frame 0', 'ended']);
});

test('a gap beyond a frame loses the place until a chunk begins with one', () => {
  const { log, stream, say } = toy();
  say(0x46, 5, 7, 7);
  stream.gap(9);
  say(1, 0x46, 0);
  say(0x46, 0);
  expect(log).toEqual(['frame 5', 'contents 7,7', 'lost 9', 'frame 0', 'ended']);
});

test('octets that begin no frame are held until there are enough, or no more', () => {
  const { log, stream, say } = toy();
  say(1);
  say(2, 3, 4);
  say(5);
  expect(log).toEqual(['refused 1,2,3,4']);
  const short = toy();
  short.say(1);
  short.stream.gap(7);
  short.stream.mute();
  expect(short.log).toEqual(['refused 1']);
  stream.mute();
});

test('any octets in any pieces: the same log', () => {
  const octets = fc.array(fc.oneof(fc.constant(0x46), fc.integer({ min: 0, max: 9 })), { maxLength: 60 });
  fc.assert(
    fc.property(octets, fc.integer({ min: 1, max: 9 }), (list, size) => {
      const [whole, pieces] = [toy(), toy()];
      whole.say(...list);
      whole.stream.mute();
      for (let at = 0; at < list.length; at += size) pieces.say(...list.slice(at, at + size));
      pieces.stream.mute();
      const normal = (log: string[]) => log.map((line) => line.replace(/^refused .*/, 'refused'));
      expect(normal(pieces.log)).toEqual(normal(whole.log));
    }),
  );
});

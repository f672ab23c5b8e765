import { describe, expect, test } from 'vitest';
import { piecesOf } from './feed.ts';

const MS = 1_000_000n;

/** A capture file of tcpdump's with packets of one octet at these times. */
function pcap(...times: readonly bigint[]): Buffer {
  const records = times.map((at) => {
    const record = Buffer.alloc(17);
    record.writeUInt32LE(Number(at / (1000n * MS)), 0);
    record.writeUInt32LE(Number(at % (1000n * MS)), 4);
    record.writeUInt32LE(1, 8);
    return record;
  });
  return Buffer.concat([Buffer.alloc(24, 0xaa), ...records]);
}

/** A block of `octets`; with a time, a packet's. */
function block(octets: number, at?: bigint): Buffer {
  const made = Buffer.alloc(octets);
  made.writeUInt32LE(at === undefined ? 9 : 6, 0);
  made.writeUInt32LE(octets, 4);
  if (at !== undefined) {
    made.writeUInt32LE(Number(at >> 32n), 12);
    made.writeUInt32LE(Number(at & 0xffff_ffffn), 16);
  }
  return made;
}

/** As the capture program begins: a section header, which is no packet. */
function section(): Buffer {
  const made = block(28);
  made.writeUInt32LE(0x0a0d0d0a, 0);
  return made;
}

const piecesIn = (recording: Buffer) =>
  [...piecesOf(recording)].map(({ atMs, octets }) => ({ atMs, length: octets.length }));

describe('a recording on its way into a pipe', () => {
  test('comes in pieces of twenty milliseconds, each when it is over', () => {
    expect(piecesIn(pcap(1000n * MS, 1005n * MS, 1020n * MS, 1021n * MS, 1100n * MS))).toEqual([
      { atMs: 0, length: 24 + 17 },
      { atMs: 20, length: 2 * 17 },
      { atMs: 40, length: 17 },
      { atMs: 100, length: 17 },
    ]);
  });

  test('takes what has no time of its own along with what stands before it', () => {
    const blocks = [section(), block(40, 7n * MS), block(60), block(44, 50n * MS), block(16)];
    expect(piecesIn(Buffer.concat(blocks))).toEqual([
      { atMs: 0, length: 28 + 40 + 60 },
      { atMs: 60, length: 44 + 16 },
    ]);
  });

  test('keeps its order where time goes back', () => {
    const recording = pcap(100n * MS, 150n * MS, 120n * MS, 151n * MS);
    expect(Buffer.concat([...piecesOf(recording)].map(({ octets }) => octets))).toEqual(recording);
    expect(piecesIn(recording).map(({ atMs }) => atMs)).toEqual([0, 60]);
  });

  test('is handed on to its last octet where it is cut short', () => {
    const recording = pcap(1n * MS, 2n * MS).subarray(0, -5);
    expect(Buffer.concat([...piecesOf(recording)].map(({ octets }) => octets))).toEqual(recording);
  });
});

import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import type { Loss } from '../../../../src/model/source-record.ts';
import type { OpenInterface } from '../../../../src/sources/capture/engine/packages.ts';
import { PackageStream } from '../../../../src/sources/capture/engine/stream.ts';
import { readCaptureStream } from '../../../../src/sources/capture-file.ts';

const INTERFACES: readonly OpenInterface[] = [
  { name: 'lo', linkType: 1, dropped: () => 7 },
  { name: 'eth0', linkType: 1, dropped: () => undefined },
];
const EPOCH = 1_700_000_000_000_000_000n;

function piecesOf(packets: number): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  const stream = new PackageStream((piece) => pieces.push(piece));
  stream.interfaces(INTERFACES);
  for (let n = 0; n < packets; n++) {
    stream.packet({ interfaceId: n % 2, at: EPOCH + BigInt(n), octets: new Uint8Array(100), wireLength: 1500 });
  }
  stream.statistics(INTERFACES, EPOCH + BigInt(packets));
  stream.flush();
  stream.flush();
  return pieces;
}

test('is a capture like any other, with what was dropped where that is known', async () => {
  const frames: number[] = [];
  const losses: Loss[] = [];
  const sink = {
    frame: ({ interfaceId, wireLength }: { interfaceId: number; wireLength: number }) =>
      frames.push(interfaceId * 10_000 + wireLength),
    journal: () => {},
    loss: (loss: Loss) => losses.push(loss),
  };
  const summary = await readCaptureStream('live', Readable.from(piecesOf(3)), sink, {});
  expect(summary).toMatchObject({ kind: 'summary', frames: 3, lost: 7, epoch: EPOCH, damage: undefined });
  expect(frames).toEqual([1500, 11_500, 1500]);
  expect(losses).toMatchObject([{ count: 7, where: 'lo (isb_ifdrop)' }]);
});

test('is written in large pieces, and nothing is written where nothing waits', () => {
  const sizes = piecesOf(2000).map(({ length }) => length);
  expect(sizes.length).toBeLessThan(10);
  expect(Math.min(...sizes.slice(0, -1))).toBeGreaterThanOrEqual(64 * 1024);
  expect(piecesOf(1)).toHaveLength(1);
});

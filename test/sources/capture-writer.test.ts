import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { octetsOf } from '../../src/model/octets.ts';
import type { Frame } from '../../src/model/source-record.ts';
import { CaptureWriter } from '../../src/sources/capture-writer.ts';
import { SOME_TIME } from '../kit/capture-files.ts';
import { tcpFrame } from '../kit/packets.ts';
import { record } from './pcap/recorded.ts';

const folder = mkdtempSync(join(tmpdir(), 'why502-writer-'));
afterAll(() => rmSync(folder, { recursive: true }));

const frame = (changes: Partial<Frame> = {}): Frame => {
  const octets = tcpFrame();
  return {
    number: 8,
    at: 5,
    linkType: 1,
    interfaceId: 0,
    octets: octetsOf(octets),
    wireLength: octets.length,
    ...changes,
  };
};

test('frames and journal entries are written as they were', () => {
  const path = join(folder, 'i-17.pcapng');
  const writer = new CaptureWriter(path, SOME_TIME, { comment: 'i-17: reset-before-response' });
  const fields = new Map([
    ['__REALTIME_TIMESTAMP', String(SOME_TIME / 1000n + 1n)],
    ['MESSAGE', 'worker exited'],
  ]);
  writer.frame(frame(), 'the request');
  writer.frame(frame({ interfaceId: 4, linkType: 276, at: 9, wireLength: 9000 }));
  writer.journal({ number: 9, at: 7, fields });
  writer.frame(frame({ at: 11 }));
  writer.close();
  const { records, reading } = record(readFileSync(path));
  expect(reading.damage).toBeUndefined();
  expect(records).toMatchObject([
    { is: 'epoch', epoch: SOME_TIME + 5n },
    { is: 'frame', number: 1, at: 0, interfaceId: 0, linkType: 1 },
    { is: 'comment', number: 1, text: 'the request' },
    { is: 'frame', number: 2, at: 4, interfaceId: 1, linkType: 276, wireLength: 9000 },
    { is: 'journal', number: 3, fields },
    { is: 'frame', number: 4, at: 6, interfaceId: 0, octets: Buffer.from(tcpFrame()).toString('hex') },
  ]);
});

test('nobody but the owner may read the file, and none is overwritten', () => {
  const path = join(folder, 'secret.pcapng');
  new CaptureWriter(path, 0n).close();
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(() => new CaptureWriter(path, 0n)).toThrow(/EEXIST/);
});

test('more than the buffer holds is written too', () => {
  const path = join(folder, 'large.pcapng');
  const writer = new CaptureWriter(path, 0n);
  const large = new Uint8Array(300_000).fill(5);
  writer.frame(frame());
  writer.frame(frame({ octets: octetsOf(large), wireLength: large.length }));
  for (let n = 0; n < 5000; n++) writer.frame(frame({ at: n }));
  writer.close();
  const { frames, reading } = record(readFileSync(path));
  expect(reading.damage).toBeUndefined();
  expect(frames).toHaveLength(5002);
});

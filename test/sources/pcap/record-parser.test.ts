import { expect, test } from 'vitest';
import { MAX_RECORD } from '../../../src/sources/pcap/record-parser.ts';
import { pcapFile, pcapngBlocks } from '../../kit/capture-files.ts';
import { concat, octets } from '../../kit/packets.ts';
import { record } from './recorded.ts';

const block = pcapngBlocks();

test('the largest record that is believed is read, one that is larger is damage', () => {
  const custom = (length: number): Uint8Array => block.block(0xbad, new Uint8Array(length - 12));
  const file = (length: number): Uint8Array =>
    concat(block.section(), block.interfaceDescription(), custom(length), block.enhancedPacket({ octets: octets(1) }));
  expect(record(file(MAX_RECORD), [5_000_000, 5_000_000]).frames).toHaveLength(1);
  expect(record(file(MAX_RECORD + 4)).reading.damage).toMatchObject({ kind: 'damaged' });
});

test('a snap length of a pcap file is believed up to there', () => {
  const file = pcapFile([{ octets: octets(1) }], { snapLength: 0xffff_ffff });
  const lying = concat(file);
  new DataView(lying.buffer).setUint32(24 + 8, MAX_RECORD + 1, true);
  expect(record(file).frames).toHaveLength(1);
  expect(record(lying).reading.damage).toMatchObject({ kind: 'damaged' });
});

test('a record that promises much and brings little costs little memory', () => {
  const promising = pcapFile([{ octets: octets(1) }], { snapLength: 0xffff_ffff });
  new DataView(promising.buffer).setUint32(24 + 8, MAX_RECORD, true);
  const before = process.memoryUsage().arrayBuffers;
  const { reading } = record(promising, [30]);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000);
  expect(reading.damage).toMatchObject({ kind: 'cut-short' });
});

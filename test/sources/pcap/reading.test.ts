import { expect, test } from 'vitest';
import { MAX_INTERFACES_TOLD, Reading } from '../../../src/sources/pcap/reading.ts';
import { pcapngBlocks } from '../../kit/capture-files.ts';
import { concat, octets } from '../../kit/packets.ts';
import { record } from './recorded.ts';

test('interfaces beyond the limit are used, but not told', () => {
  const block = pcapngBlocks();
  const many = Array.from({ length: MAX_INTERFACES_TOLD + 2 }, () => block.interfaceDescription({ linkType: 101 }));
  const packet = block.enhancedPacket({ octets: octets(1) }, { interfaceId: MAX_INTERFACES_TOLD + 1 });
  const { frames, reading } = record(concat(block.section(), ...many, packet));
  expect(frames).toMatchObject([{ interfaceId: MAX_INTERFACES_TOLD + 1, linkType: 101 }]);
  expect(reading.interfaces).toHaveLength(MAX_INTERFACES_TOLD);
});

test('the first damage is the one that is told', () => {
  const { reading } = record(pcapngBlocks().section());
  reading.damaged(10, 'first');
  reading.cutShort(20, 'second');
  expect(reading.damage).toMatchObject({ kind: 'damaged', offset: 10, text: 'first' });
});

test('the epoch is told once, before the first record that has a time', () => {
  const block = pcapngBlocks();
  const simple = block.simplePacket({ octets: octets(1) });
  const timed = block.enhancedPacket({ octets: octets(1) });
  const file = concat(block.section(), block.interfaceDescription(), simple, timed, timed);
  expect(record(file).records.map(({ is }) => is)).toEqual(['frame', 'epoch', 'frame', 'frame']);
});

test('the time that is covered begins with the first frame, or with the first journal entry where there is no frame', () => {
  const reading = new Reading({ frame: () => undefined, journal: () => undefined, loss: () => undefined });
  const none = new Map<string, string>();
  reading.giveJournal(10, none);
  expect([reading.earliest, reading.latest]).toEqual([10, 10]);
  reading.frame.at = 5000;
  reading.give();
  reading.giveJournal(4900, none);
  reading.frame.at = 4950;
  reading.give();
  expect([reading.earliest, reading.latest]).toEqual([4950, 5000]);
});

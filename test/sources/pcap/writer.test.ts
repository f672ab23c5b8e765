import { describe, expect, test } from 'vitest';
import {
  interfaceBlock,
  journalBlock,
  packetBlock,
  sectionBlock,
  statisticsBlock,
} from '../../../src/sources/pcap/writer.ts';
import { SOME_TIME } from '../../kit/capture-files.ts';
import { concat, octets, tcpFrame } from '../../kit/packets.ts';
import { record } from './recorded.ts';

const head = concat(
  sectionBlock({ application: 'why502', comment: 'i-17 reset-before-response' }),
  interfaceBlock({ linkType: 276, name: 'any', snapLength: 96 }),
);

describe('what is written', () => {
  test('is read back the same', () => {
    const packet = { interfaceId: 0, at: SOME_TIME, octets: tcpFrame(), wireLength: 1500 };
    const fields = [
      ['__REALTIME_TIMESTAMP', '1795169883021457'],
      ['MESSAGE', 'two\nlines'],
    ] as const;
    const file = concat(
      head,
      packetBlock({ ...packet, comment: 'RST: så här', direction: 'inbound' }),
      journalBlock(fields),
      packetBlock({ ...packet, at: SOME_TIME + 1n, octets: octets(1), direction: 'outbound' }),
      statisticsBlock({ interfaceId: 0, at: SOME_TIME + 2n, received: 2n, ifDrop: 1n, osDrop: 0n }),
    );
    const { records, reading } = record(file);
    expect(reading.damage).toBeUndefined();
    expect(records).toEqual([
      { is: 'epoch', epoch: SOME_TIME },
      {
        is: 'frame',
        number: 1,
        at: 0,
        linkType: 276,
        interfaceId: 0,
        wireLength: 1500,
        octets: Buffer.from(tcpFrame()).toString('hex'),
      },
      { is: 'comment', number: 1, text: 'RST: så här' },
      { is: 'journal', number: 2, at: 211, fields: new Map(fields) },
      { is: 'frame', number: 3, at: 1, linkType: 276, interfaceId: 0, wireLength: 1500, octets: '01' },
      { is: 'loss', at: 2, count: 1, where: 'any (isb_ifdrop)' },
    ]);
    expect(reading.interfaces).toEqual([{ id: 0, name: 'any', linkType: 276, snapLength: 96 }]);
  });

  test('is made of blocks of whole words', () => {
    for (let length = 0; length < 9; length++) {
      expect(packetBlock({ interfaceId: 0, at: 0n, octets: new Uint8Array(length) }).length % 4).toBe(0);
    }
    expect(sectionBlock()).toHaveLength(28);
    expect(interfaceBlock({ linkType: 1 })).toHaveLength(32);
    expect(statisticsBlock({ interfaceId: 0, at: 0n })).toHaveLength(24);
  });

  test('holds as much of a long comment as an option can, and no half characters', () => {
    const comment = `${'ä'.repeat(40_000)}`;
    const file = concat(head, packetBlock({ interfaceId: 0, at: SOME_TIME, octets: octets(1), comment }));
    const { records, reading } = record(file);
    expect(reading.damage).toBeUndefined();
    expect(records.at(-1)).toEqual({ is: 'comment', number: 1, text: 'ä'.repeat(32_766) });
  });
});

import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { leftText, removeEmpty } from '../../src/commands/empty-files.ts';
import {
  interfaceBlock,
  journalBlock,
  packetBlock,
  sectionBlock,
  statisticsBlock,
} from '../../src/sources/pcap/writer.ts';

const folder = mkdtempSync(join(tmpdir(), 'why502-empty-'));
afterAll(() => rmSync(folder, { recursive: true }));
const HEAD = [sectionBlock(), interfaceBlock({ linkType: 1, name: 'lo' })];

function file(name: string, ...blocks: readonly Uint8Array[]): string {
  const path = join(folder, name);
  writeFileSync(path, Buffer.concat(blocks));
  return path;
}

test('a capture that describes itself and holds nothing goes', async () => {
  const empty = file('empty', ...HEAD);
  expect(await removeEmpty([empty])).toEqual([]);
  expect(existsSync(empty)).toBe(false);
});

test.each([
  ['a packet', [...HEAD, packetBlock({ interfaceId: 0, at: 1n, octets: new Uint8Array(60) })]],
  ['what the kernel told', [...HEAD, journalBlock([['WHY502_EVENT', 'exited']])]],
  ['a count of losses', [...HEAD, statisticsBlock({ interfaceId: 0, at: 1n, osDrop: 7n })]],
  ['something else than a capture', [Buffer.from('notes of somebody')]],
  ['half of a block', [...HEAD, interfaceBlock({ linkType: 1, name: 'eth0' }).subarray(0, 20)]],
  ['so much that it is not looked into', [sectionBlock(), ...Array(4000).fill(interfaceBlock({ linkType: 1 }))]],
])('what holds %s stays', async (_, blocks) => {
  const kept = file('kept', ...blocks);
  expect(await removeEmpty([kept])).toEqual([]);
  expect(existsSync(kept)).toBe(true);
});

test('a file that is gone already is nobody’s business', async () => {
  expect(await removeEmpty([join(folder, 'nothing')])).toEqual([]);
});

test('what may not be removed is named', () => {
  expect(leftText(['case.3.pcapng'])).toBe(
    'case.3.pcapng holds no packets, and may not be removed by this user any more: root may',
  );
  const several = leftText(['case.3', 'case.4', 'case.\x1b5']);
  expect(several).toMatch(/^3 files, case[.]3 to case[.].*5, hold no packets/);
  expect(several).not.toContain('\x1b');
});

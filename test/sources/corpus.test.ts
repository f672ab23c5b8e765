/** Every capture of the corpus through sources and wire: no crash, and as many records as its index says. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readCapture } from '../../src/sources/capture-file.ts';
import { FrameDecoder } from '../../src/wire/decode.ts';
import { outcomeOf } from '../wire/decoded.ts';

const CORPUS = join(import.meta.dirname, '../../../shared/corpus');
const INDEX = join(CORPUS, 'INDEX.tsv');

/** Files that end in damage. tshark and tcpdump stop at the same record with the same complaint. */
const DAMAGED: ReadonlyMap<string, { frames: number; offset: number }> = new Map([
  // The index counts 7: a record header in it is out of place, six frames can be read.
  ['suricata-verify/bug-1450-05/tls_DER-incomplete-content.pcap', { frames: 6, offset: 5035 }],
  // 18 frames, then octets that are no record.
  ['suricata-verify/smtp-to-comma/10.7.29.101_49898-178.63.41.150_25.pcap', { frames: 18, offset: 3695 }],
]);

interface Row {
  file: string;
  packets: number;
}

function index(): Row[] {
  const [header = '', ...lines] = readFileSync(INDEX, 'utf8').trimEnd().split('\n');
  const columns = header.split('\t');
  return lines.map((line) => {
    const cells = line.split('\t');
    const cell = (name: string): string => cells[columns.indexOf(name)] ?? '';
    return { file: cell('file'), packets: Number(cell('packets')) };
  });
}

async function readRow({ file }: Row): Promise<{ frames: number; damageAt: number | undefined }> {
  const nothing = (): void => undefined;
  const decoder = new FrameDecoder({ segment: nothing, unreachable: nothing, neighbour: nothing, datagram: nothing });
  const sink = { frame: decoder.frame.bind(decoder), journal: nothing, loss: nothing };
  const result = await readCapture(join(CORPUS, file), sink);
  if (result.kind === 'failure') throw new Error(`${file}: ${result.cause}`);
  expect(decoder.counters.frames).toBe(result.frames);
  expect(outcomeOf(decoder.counters) !== '' || result.frames === 0).toBe(true);
  return { frames: result.frames, damageAt: result.damage?.offset };
}

describe.skipIf(!existsSync(INDEX))('the corpus (skipped where ../shared/corpus is not there)', () => {
  test('every file is read, with the number of frames that its index tells', async () => {
    const rows = index();
    expect(rows.length).toBeGreaterThan(1600);
    const differences: unknown[] = [];
    for (const row of rows) {
      const read = await readRow(row);
      const damaged = DAMAGED.get(row.file);
      const expected = damaged ?? { frames: row.packets, offset: undefined };
      if (read.frames !== expected.frames || read.damageAt !== expected.offset) differences.push({ ...row, ...read });
    }
    expect(differences).toEqual([]);
  }, 120_000);
});

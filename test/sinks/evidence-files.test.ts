import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { octetsOf } from '../../src/model/octets.ts';
import type { Frame } from '../../src/model/source-record.ts';
import type { EvidencePlan } from '../../src/sinks/evidence.ts';
import { type Blocks, EVIDENCE_OCTETS_LIMIT, EvidenceWriter, makeDirectory } from '../../src/sinks/evidence-files.ts';

/** Blocks as words, so that a file can be read. */
const words = new TextEncoder();
const BLOCKS: Blocks = {
  sectionBlock: ({ comment }) => words.encode(`section ${comment}\n`),
  interfaceBlock: ({ linkType }) => words.encode(`interface ${linkType}\n`),
  packetBlock: ({ interfaceId, at, octets }) => words.encode(`packet ${interfaceId} ${at} ${octets.length}\n`),
};

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'why502-evidence-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

function plan(id = 'i-1', cause = 'connect-refused'): EvidencePlan {
  return { id, cause, comment: 'the verdict', wanted: [], silent: new Set() };
}

function frame(over: Partial<Frame> = {}): Frame {
  return {
    number: 1,
    at: 5,
    linkType: 1,
    interfaceId: 0,
    octets: octetsOf(new Uint8Array(60)),
    wireLength: 60,
    ...over,
  };
}

function saved(capture: string, plans: readonly EvidencePlan[], frames: readonly Frame[] = [frame()]): EvidenceWriter {
  const writer = new EvidenceWriter(directory, { file: capture, epoch: 100n }, BLOCKS);
  for (const one of plans) for (const each of frames) writer.keep(one, each);
  writer.close();
  return writer;
}

test('a file is a section with the verdict, interfaces as they appear, packets in order', () => {
  const frames = [frame(), frame({ interfaceId: 7, linkType: 113, at: 6 }), frame({ at: 9 })];
  expect(saved('dir/checkout.pcapng.gz', [plan()], frames).files).toBe(1);
  expect(readdirSync(directory)).toEqual(['checkout-i-1-connect-refused.pcapng']);
  expect(readFileSync(join(directory, 'checkout-i-1-connect-refused.pcapng'), 'utf8')).toBe(
    'section the verdict\ninterface 1\npacket 0 105 60\ninterface 113\npacket 1 106 60\npacket 0 109 60\n',
  );
});

test('an existing file is never overwritten', () => {
  saved('a.pcap', [plan()]);
  saved('a.pcap', [plan()]);
  expect(readdirSync(directory)).toEqual(['a-i-1-connect-refused-2.pcapng', 'a-i-1-connect-refused.pcapng']);
});

test('a link planted under the name is not followed', () => {
  const victim = join(directory, 'victim');
  writeFileSync(victim, 'untouched');
  symlinkSync(victim, join(directory, 'a-i-1-connect-refused.pcapng'));
  symlinkSync(join(directory, 'nowhere'), join(directory, 'a-i-1-connect-refused-2.pcapng'));
  saved('a.pcap', [plan()]);
  expect(readFileSync(victim, 'utf8')).toBe('untouched');
  expect(readdirSync(directory)).toContain('a-i-1-connect-refused-3.pcapng');
  expect(readdirSync(directory)).not.toContain('nowhere');
});

test('captures hold secrets: directory and files are for their owner alone', () => {
  makeDirectory(join(directory, 'deep', 'er'));
  expect(statSync(join(directory, 'deep', 'er')).mode & 0o077).toBe(0);
  saved('a.pcap', [plan()]);
  expect(statSync(join(directory, 'a-i-1-connect-refused.pcapng')).mode & 0o077).toBe(0);
});

test('a directory that is there already is taken as it is', () => {
  mkdirSync(join(directory, 'open'), { mode: 0o755 });
  makeDirectory(join(directory, 'open'));
  expect(statSync(join(directory, 'open')).mode & 0o777).toBe(0o755);
});

test.runIf(existsSync('/proc/self'))('a directory that cannot be is refused', () => {
  expect(() => makeDirectory('/proc/self/evidence')).toThrow(/ENOENT/);
  writeFileSync(join(directory, 'file'), '');
  expect(() => makeDirectory(join(directory, 'file'))).toThrow(/EEXIST/);
});

test('no name leaves the directory, hides, or holds what a terminal would obey', () => {
  mkdirSync(join(directory, 'x'));
  saved('../..', [plan('../../etc/passwd', '\x1b[2J')]);
  saved('.hidden.pcap', [plan('x'.repeat(500))]);
  for (const name of readdirSync(directory)) expect(name).toMatch(/^[A-Za-z0-9_-][A-Za-z0-9._-]*$/);
  expect(readdirSync(directory)).toHaveLength(3);
});

test('a file has a bound; frames beyond it are counted', () => {
  const large = frame({ octets: octetsOf(new Uint8Array(EVIDENCE_OCTETS_LIMIT - 100)) });
  expect(saved('a.pcap', [plan()], [large, frame(), frame(), frame({ at: 7 })]).omitted).toBe(2);
});

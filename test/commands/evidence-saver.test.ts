import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { EVIDENCE_FOLDER, EvidenceSaver } from '../../src/commands/evidence-saver.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import { createPipeline } from '../../src/pipeline.ts';
import { MASK_SECRETS } from '../../src/sinks/secrets.ts';
import { readCapture } from '../../src/sources/capture-file.ts';

const FILE = join(import.meta.dirname, '../../captures/reset-before-response/php-kill-kernel.pcapng');
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'why502-saver-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
});

/** The capture read with a saver beside it, and its first verdict. */
async function watched(again: boolean, directory: string): Promise<[EvidenceSaver, Verdict]> {
  const found: Verdict[] = [];
  let epoch = 0n;
  const story = (): string => 'the story\n';
  const saver = new EvidenceSaver({ file: FILE, again, directory, mask: MASK_SECRETS, epoch: () => epoch, story });
  const sink = { verdict: (one: Verdict) => found.push(one), loss: () => {} };
  const pipeline = createPipeline({ gateways: [], settle: 10e9 }, sink);
  await readCapture(FILE, saver.before(pipeline), {
    epoch: (known) => {
      epoch = known;
    },
  });
  pipeline.end();
  return [saver, found[0] as Verdict];
}

test.each([
  ['that is read a second time', true],
  ['that cannot be read again: from the newest frames', false],
])('packets and story of one incident are saved, of a capture %s', async (_, again) => {
  const directory = join(folder, 'evidence');
  const [saver, verdict] = await watched(again, directory);
  expect(await saver.save(verdict)).toMatch(/^Saved \d+ packets \(as captured: with secrets\) and the story: /);
  const [capture = '', story = ''] = readdirSync(directory).toSorted();
  expect(story.replace('.txt', '.pcapng')).toBe(capture);
  expect(readFileSync(join(directory, story), 'utf8')).toContain('the story');
  const packets: number[] = [];
  const kept = { frame: () => packets.push(1), journal: () => {}, loss: () => {} };
  await readCapture(join(directory, capture), kept);
  expect(packets.length).toBeGreaterThan(5);
});

test('twice saved is two pairs of files', async () => {
  const [saver, verdict] = await watched(true, folder);
  await saver.save(verdict);
  await saver.save(verdict);
  expect(readdirSync(folder)).toHaveLength(4);
});

test('where this user may not write, it goes to a new folder among the temporary ones', async () => {
  const taken = join(folder, 'a-file');
  writeFileSync(taken, '');
  const [saver, verdict] = await watched(true, taken);
  const where = dirname((await saver.save(verdict)).replace(/^.*story: /, ''));
  onTestFinished(() => rmSync(where, { recursive: true, force: true }));
  expect(where).toContain(join(tmpdir(), EVIDENCE_FOLDER));
  expect(readdirSync(where)).toHaveLength(2);
});

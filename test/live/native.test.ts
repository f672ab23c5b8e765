/** The C tests of the capture program, and what other programs say of the file that its writer makes. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Loss } from '../../src/model/source-record.ts';
import { readCapture } from '../../src/sources/capture-file.ts';
import { make, NATIVE } from './capture-program.ts';

const BUILD_MS = 120_000;
const WRITTEN = join(NATIVE, 'build/pcapng.test.out');

describe('the C tests', () => {
  test.each([['test'], ['sanitize']])(
    'make %s',
    (target) => {
      const said = make(target);
      expect(said).toMatch(/^budget: [1-9]\d* checks, 0 failed$/m);
      expect(said).toMatch(/^exchanges: [1-9]\d* checks, 0 failed$/m);
      expect(said).toMatch(/^holders: [1-9]\d* checks, 0 failed$/m);
      expect(said).toMatch(/^journal: [1-9]\d* checks, 0 failed$/m);
      expect(said).toMatch(/^pcapng: [1-9]\d* checks, 0 failed$/m);
      expect(said).toMatch(/^triage: [1-9]\d* checks, 0 failed$/m);
    },
    BUILD_MS,
  );
});

describe('the file of the pcapng writer', () => {
  test('is read by why502: every packet, with its time to the nanosecond, and what was dropped', async () => {
    make('test');
    const frames: { at: number; held: number; wire: number }[] = [];
    const losses: Loss[] = [];
    const summary = await readCapture(WRITTEN, {
      frame: ({ at, octets, wireLength }) => frames.push({ at, held: octets.end - octets.start, wire: wireLength }),
      journal: () => expect.fail('there is no journal entry'),
      loss: (loss) => losses.push(loss),
    });
    expect(summary).toMatchObject({ kind: 'summary', format: 'pcapng', frames: 7, lost: 3, damage: undefined });
    expect(summary).toMatchObject({ epoch: 1_700_000_000_123_456_789n });
    expect(frames.map(({ at }) => at)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(frames.map(({ held }) => held)).toEqual([54, 53, 52, 51, 58, 8, 54]);
    expect(frames.map(({ wire }) => wire)).toEqual([54, 54, 54, 54, 58, 54, 54]);
    expect(losses).toEqual([{ at: 7, count: 3, where: 'lo (isb_ifdrop)' }]);
  });

  test.each([
    ['tshark', ['-r', WRITTEN], /^ *\d+ \d/, 7],
    ['tcpdump', ['-nr', WRITTEN], /^\d\d:\d\d:/, 7],
    ['capinfos', ['-cM', WRITTEN], /^Number of packets: +7$/, 1],
  ] as const)('is read by %s without a complaint', (command, args, line, count) => {
    make('test');
    const said = execFileSync('sh', ['-c', 'exec "$0" "$@" 2>&1', command, ...args], { encoding: 'utf8' });
    expect(said).not.toMatch(/malformed|damaged|error|invalid|not supported|different/i);
    const found = said.split('\n').filter((text) => line.test(text));
    expect(found, said).toHaveLength(count);
  });
});

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Analysis, isPipe } from '../../src/commands/analysis.ts';
import { EXIT } from '../../src/config.ts';
import { streamOutput } from '../../src/sinks/output.ts';
import { refusedCapture } from '../sinks/kit/refused-capture.ts';
import { stage } from './kit/stage.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'why502-analysis-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const CONFIG = {
  format: 'ndjson',
  gateways: [],
  exitCode: true,
  showSecrets: false,
  saveEvidence: undefined,
  colour: 'auto',
  all: false,
} as const;

test('a regular file is no pipe, nor is what does not exist', () => {
  const file = join(folder, 'file');
  const fifo = join(folder, 'fifo');
  writeFileSync(file, '');
  execFileSync('mkfifo', [fifo]);
  expect([file, folder, fifo, join(folder, 'gone')].map(isPipe)).toEqual([false, false, true, false]);
});

test('a stream that is under way gives the incidents of the same capture in a file', async () => {
  const capture = refusedCapture({ requests: 3 });
  const file = join(folder, 'capture.pcapng');
  writeFileSync(file, capture);
  const stream = { stream: Readable.from([capture]), ended: Promise.resolve(0), stop: () => {} };
  const incidents: unknown[][] = [];
  for (const live of [stream, undefined]) {
    const { world, written } = stage();
    const output = streamOutput(world.stdout);
    const analysis = new Analysis(file, CONFIG, world, output, { live });
    expect(await analysis.run()).toBe(EXIT.found);
    output.flush();
    expect(analysis.reported).toBe(true);
    const documents = written
      .join('')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(documents.at(-1)).toMatchObject({ type: 'summary', incidents: 3 });
    incidents.push(documents.slice(0, -1));
  }
  expect(incidents[0]).toHaveLength(3);
  expect(incidents[0]).toEqual(incidents[1]);
});

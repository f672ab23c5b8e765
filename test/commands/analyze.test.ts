/** Captures into reports, in a world that a process cannot have. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { analyze } from '../../src/commands/analyze.ts';
import type { AnalyzeConfig } from '../../src/commands/analyze-options.ts';
import { EXIT } from '../../src/config.ts';
import { refusedCapture } from '../sinks/kit/refused-capture.ts';
import { stage } from './kit/stage.ts';

let folder = '';
const file = (name: string): string => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'why502-app-'));
  writeFileSync(file('one.pcapng'), refusedCapture());
  writeFileSync(file('many.pcapng'), refusedCapture({ requests: 4000 }));
  execFileSync('mkfifo', [file('fifo')]);
});
afterAll(() => rmSync(folder, { recursive: true }));

function config(over: Partial<AnalyzeConfig> = {}): AnalyzeConfig {
  return {
    files: [file('one.pcapng')],
    format: 'text',
    gateways: [],
    exitCode: false,
    showSecrets: false,
    saveEvidence: undefined,
    tui: false,
    colour: 'auto',
    all: false,
    ...over,
  };
}

test('an interrupt ends with the summary of what was read', async () => {
  const { world, written } = stage({ onWrite: ({ interrupt }) => interrupt.abort() });
  const files = [file('many.pcapng'), file('one.pcapng')];
  expect(await analyze(config({ files, format: 'ndjson' }), world)).toBe(EXIT.interrupted);
  const lines = written.join('').trimEnd().split('\n');
  const summary = JSON.parse(lines.at(-1) as string);
  expect(summary).toMatchObject({ type: 'summary', interrupted: true, incidents: lines.length - 1 });
  expect(summary.frames).toBeLessThan(40_000);
  expect(summary.incidents).toBeGreaterThan(0);
});

test('a full disk is told, with the exit code of a machine that does not allow it', async () => {
  const { world, said } = stage({
    onWrite: () => {
      throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
    },
  });
  expect(await analyze(config(), world)).toBe(EXIT.refused);
  expect(said).toEqual(['why502: the output could not be written: ENOSPC: no space left on device.']);
});

test('a reader that has gone ends the reading; nobody is told', async () => {
  let writes = 0;
  const { world, said } = stage({
    onWrite: () => {
      writes++;
      throw Object.assign(new Error('EPIPE'), { code: 'EPIPE' });
    },
  });
  expect(await analyze(config({ files: [file('many.pcapng')], format: 'ndjson' }), world)).toBe(EXIT.done);
  expect({ writes, said }).toEqual({ writes: 1, said: [] });
});

test('a terminal gets colours and its own width; NO_COLOR is honoured', async () => {
  const coloured = stage({ terminal: true });
  await analyze(config(), coloured.world);
  expect(coloured.written.join('')).toContain('\x1b[1;31m');
  const plain = stage({ terminal: true, env: { NO_COLOR: '1' } });
  await analyze(config(), plain.world);
  expect(plain.written.join('')).not.toContain('\x1b');
  expect(plain.written.join('')).toMatch(/^ {4}.{84,96}frame \d+$/m);
});

test('short work shows no progress, on a terminal either', async () => {
  const { world, errors, said } = stage({ terminal: true });
  await analyze(config(), world);
  expect({ errors, said }).toEqual({ errors: [], said: [] });
});

test('several reports are kept apart', async () => {
  const { world, written } = stage();
  await analyze(config({ files: [file('one.pcapng'), file('gone'), file('one.pcapng')] }), world);
  expect(written.join('').match(/\n\n\none\.pcapng/g)).toHaveLength(1);
});

test('evidence of a named pipe cannot be saved: it would have to be read twice', async () => {
  const { world, said } = stage();
  expect(await analyze(config({ files: [file('fifo')], saveEvidence: file('out') }), world)).toBe(EXIT.usage);
  expect(said).toHaveLength(1);
  expect(said[0]).toContain('a second time');
});

test('of a flood of one kind a few files are saved, and how many were not is told', async () => {
  const { world, said } = stage();
  const out = file('flood');
  expect(await analyze(config({ files: [file('many.pcapng')], saveEvidence: out }), world)).toBe(EXIT.done);
  expect(readdirSync(out)).toHaveLength(10);
  expect(said).toEqual([
    `Saved 10 files in ${out} (as captured: with secrets).`,
    '3990 more incidents were not saved: at most 10 a cause and peer, 100 in all.',
  ]);
});

/** The command with a stream in the place of the capture program; the program itself is tested in test/live. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { record } from '../../src/commands/record.ts';
import type { RecordConfig } from '../../src/commands/record-options.ts';
import { EXIT } from '../../src/config.ts';
import { fakeProgram } from './kit/capture-stream.ts';
import { stage } from './kit/stage.ts';

const MIB = 1024 * 1024;
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'why502-record-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function config(over: Partial<RecordConfig> = {}): RecordConfig {
  return {
    interfaces: ['lo'],
    ports: [],
    duration: undefined,
    file: join(folder, 'case.pcapng'),
    budget: { cpu: 1, mem: 100 * MIB, disk: 80 * MIB },
    around: undefined,
    ...over,
  };
}

test('the program writes the files, within what the budget leaves it', async () => {
  const program = fakeProgram(new Uint8Array(0), 0);
  expect(await record(config(), stage().world, program.start)).toBe(EXIT.done);
  expect(program.wishes).toMatchObject([
    { memory: 84 * MIB, processor: 1, files: { name: join(folder, 'case.pcapng'), count: 8 } },
  ]);
  expect(((program.wishes[0]?.files?.size ?? 0) + 320 * 1024) * 8).toBeLessThanOrEqual(80 * MIB);
});

test('the program has the last word on whether it worked', async () => {
  expect(await record(config(), stage().world, fakeProgram(new Uint8Array(0), 1).start)).toBe(EXIT.refused);
});

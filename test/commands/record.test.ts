/** The command with a stream in the place of the capture program; the program itself is tested in test/live. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { record } from '../../src/commands/record.ts';
import type { RecordConfig } from '../../src/commands/record-options.ts';
import { EXIT } from '../../src/config.ts';
import { interfaceBlock, sectionBlock } from '../../src/sources/pcap/writer.ts';
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

test('files that were not needed go, but for the first, unless the program failed', async () => {
  const files = Array.from({ length: 8 }, (_, n) => join(folder, `case.${n}.pcapng`));
  const empty = Buffer.concat([sectionBlock(), interfaceBlock({ linkType: 1 })]);
  for (const file of files) writeFileSync(file, empty);
  const there = () => files.filter((file) => existsSync(file));
  await record(config(), stage().world, fakeProgram(new Uint8Array(0), 1).start);
  expect(there()).toEqual(files);
  const { world, said } = stage();
  expect(await record(config(), world, fakeProgram(new Uint8Array(0), 0).start)).toBe(EXIT.done);
  expect(there()).toEqual(files.slice(0, 1));
  expect(said).toEqual([]);
});

test('the program has the last word on whether it worked', async () => {
  expect(await record(config(), stage().world, fakeProgram(new Uint8Array(0), 1).start)).toBe(EXIT.refused);
});

/** What is kept around 502s gives the verdicts of the whole. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AroundOptions, recordAround } from '../../src/commands/record-around.ts';
import { EXIT } from '../../src/config.ts';
import { analyse, causeOnly } from '../captures/analysis.ts';
import { refusedCapture } from '../sinks/kit/refused-capture.ts';
import { fakeProgram } from './kit/capture-stream.ts';
import { stage } from './kit/stage.ts';

const MIB = 1024 * 1024;
const OPTIONS: AroundOptions = { time: 1e9, memory: MIB, disk: 10 * MIB, processor: undefined };

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'why502-around-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function kept(name: string, capture: Uint8Array, options: AroundOptions = OPTIONS) {
  const { world, said } = stage();
  const wish = { interfaces: [], ports: [], duration: undefined };
  const { start } = fakeProgram(capture, 0);
  const code = await recordAround(join(folder, `${name}.pcapng`), options, world, (identity) => start(wish, identity));
  const files = readdirSync(folder)
    .filter((file) => file.startsWith(`${name}.`))
    .toSorted();
  return { code, said, captures: files.map((file) => readFileSync(join(folder, file))) };
}

test('the verdicts of what was kept are those of the whole', async () => {
  const capture = refusedCapture({ requests: 20 });
  const { code, said, captures } = await kept('whole', capture);
  expect(code).toBe(EXIT.done);
  const again = (await Promise.all(captures.map((octets) => analyse([octets])))).flat();
  expect(again.map(causeOnly)).toEqual((await analyse([capture])).map(causeOnly));
  expect(again).toHaveLength(20);
  expect(said.at(-1)).toMatch(/^why502: 20 x 502; kept [\d.]+ MB of [\d.]+ MB in \d+ files[.]$/);
});

test('each 502 is told with its cause, its peer and the file that it is in', async () => {
  const { said } = await kept('told', refusedCapture());
  expect(said[0]).toMatch(
    /^\d\d:\d\d:\d\d[.]\d{3} {2}connect-refused {2}10[.]0[.]0[.]7:8080 {2}kept in .*told[.]00[.]pcapng$/,
  );
});

test('a folder that nothing can be written to is refused before anything is captured', async () => {
  const { world, said } = stage();
  const never = (): never => expect.fail('captured');
  expect(await recordAround(join(folder, 'nowhere/case.pcapng'), OPTIONS, world, never)).toBe(EXIT.refused);
  const file = join(folder, 'nowhere/case.pcapng');
  expect(said).toEqual([
    `why502: ${file} cannot be written: its folder is not there, or takes no files. Make one first (mkdir -p), or name another.`,
  ]);
});

test('a program that is not there leaves no files behind', async () => {
  const { world } = stage();
  const missing = { kind: 'failure', code: 'ENOENT', cause: 'it is not there', remedy: 'Build it.' } as const;
  expect(await recordAround(join(folder, 'gone.pcapng'), OPTIONS, world, async () => missing)).toBe(EXIT.refused);
  expect(readdirSync(folder).filter((file) => file.startsWith('gone.'))).toEqual([]);
});

test('a stream that fails is told', async () => {
  const { world, said } = stage();
  const stream = Readable.from([refusedCapture()]);
  const started = { stream, ended: Promise.resolve(-1), stop: () => {} };
  expect(await recordAround(join(folder, 'killed.pcapng'), OPTIONS, world, async () => started)).toBe(EXIT.refused);
  expect(said.at(-1)).toContain('killed');
});

test('a program that was refused is not followed by counts of nothing', async () => {
  const { said } = await kept('refused', new Uint8Array(0));
  expect(said.filter((line) => line.includes('kept'))).toEqual([]);
});

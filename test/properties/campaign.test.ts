import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { campaign, keep, type Plan } from './campaign.ts';

const folder = mkdtempSync(join(tmpdir(), 'seeds-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function plan(text: string, over: Partial<Plan> = {}): Plan {
  const path = join(folder, text);
  writeFileSync(path, text.padEnd(64, '.'));
  const target = pathToFileURL(join(import.meta.dirname, 'targets/planted.ts')).href;
  return { target, captures: [path], seed: 502, from: 0, to: 1, replay: true, ...over };
}

test('what does nothing wrong has no failures', async () => {
  expect(await campaign(plan('FINE', { replay: false, to: 300 }))).toEqual([]);
});

test('an exception is a failure, shrunk to the mutations it needs, and kept', async () => {
  const failures = await campaign(plan('OOPS', { replay: false, to: 50 }));
  expect(failures.length).toBeGreaterThan(0);
  const [failure] = failures;
  expect(failure?.wrong).toContain('planted');
  expect(failure?.list).toEqual([]);
  const path = keep(failure ?? expect.fail(), join(folder, 'kept'));
  expect(readFileSync(path, 'latin1')).toMatch(/^OOPS/);
});

test('a hang is ended and names its case', async () => {
  expect(await campaign(plan('HANG', { hangMs: 1500 }))).toMatchObject([{ number: 0, wrong: 'no end after 1500 ms' }]);
});

test('growth is a failure', async () => {
  expect(await campaign(plan('GROW'))).toMatchObject([{ number: 0, wrong: expect.stringContaining('grew') }]);
});

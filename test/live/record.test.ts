/** `why502 record` beside a real nginx: everything, or what lies around each 502; the files give the same verdicts. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { causeOnly } from '../captures/analysis.ts';
import { inside } from '../lab/netns.ts';
import { until } from '../lab/programs/start.ts';
import { make, newPlace, type Place, READY } from './capture-program.ts';
import { manyTargets, SLOW_MS, startTraffic } from './capture-traffic.ts';
import { captured, expectReadable } from './captured.ts';
import { verdicts } from './lab-run.ts';
import { CLI } from './stage.ts';

const LIMIT_MS = 120_000;
const FAILING = ['/closed/a', '/reset?b', '/broken?c'];
const CAUSES = ['connect-refused', 'reset-before-response', 'header-invalid'];

/** Who calls sudo: whom nobody else here is. */
const CALLER = 65_533;

/** As by sudo, into a folder of the caller's. */
async function startRecord({ stage, namespace }: Place, ...args: readonly string[]) {
  make();
  const folder = join(stage.dir, 'files');
  mkdirSync(folder);
  chownSync(folder, CALLER, CALLER);
  const env = { ...process.env, SUDO_UID: String(CALLER), SUDO_GID: String(CALLER) };
  const record = [CLI, 'record', '-i', 'lo', '-o', join(folder, 'case.pcapng'), ...args];
  const child = spawn(...inside(namespace, process.execPath, record), { env, stdio: ['ignore', 'ignore', 'pipe'] });
  stage.atEnd(() => void child.kill('SIGKILL'));
  let said = '';
  child.stderr.on('data', (octets: Buffer) => {
    said += octets.toString();
  });
  const ended = once(child, 'close');
  await until('it captures', () => said.includes(READY));
  const files = (): string[] =>
    readdirSync(folder)
      .map((name) => join(folder, name))
      .toSorted();
  return { child, ended, files, said: () => said };
}

/** Causes of the 502s that were kept, as they were told. */
function told(said: string): string[] {
  return [...said.matchAll(/^[\d:.]+ {2}(\S+) .* kept in /gm)].map(([, cause = '']) => cause);
}

/** Causes of the files' verdicts, in order. */
async function causesIn(files: readonly string[]): Promise<string[]> {
  const found = await Promise.all(files.map((file) => verdicts(file)));
  return found.flat().map(causeOnly);
}

test(
  'a recording gives the verdicts that it was made for, and other programs read it',
  async () => {
    const place = newPlace();
    const traffic = await startTraffic(place);
    const record = await startRecord(place, '--budget', 'disk=8M,mem=20M');
    await traffic.ask([...FAILING, '/page?last']);
    record.child.kill('SIGINT');
    expect(await record.ended).toEqual([0, null]);
    // The others were not needed.
    expect(record.files()).toEqual([expect.stringMatching(/case[.]0[.]pcapng$/)]);
    for (const file of record.files()) {
      expectReadable(file);
      expect(statSync(file).size).toBeLessThanOrEqual(1024 * 1024);
    }
    const causes = await causesIn(record.files());
    expect(causes.map((line) => CAUSES.find((cause) => line.includes(cause)))).toEqual(CAUSES);
  },
  LIMIT_MS,
);

test(
  'around 502s, what came long before and long after is left out, and the verdicts are the same',
  async () => {
    const place = newPlace();
    const traffic = await startTraffic(place);
    const record = await startRecord(place, '--around-502', `${SLOW_MS / 3}ms`);
    await traffic.ask([...manyTargets(50), '/slow', '/closed/a', '/broken?b']);
    await until('both are kept', () => told(record.said()).length === 2);
    await traffic.ask([...manyTargets(50), '/slow']);
    await traffic.ask(['/closed/again', ...manyTargets(20)]);
    await until('the last is kept', () => told(record.said()).length === 3);
    record.child.kill('SIGINT');
    expect(await record.ended).toEqual([0, null]);
    expect(record.said()).toMatch(/^why502: 3 x 502; kept [\d.]+ MB of [\d.]+ MB in \d+ files[.]$/m);
    const files = record.files();
    let frames = 0;
    for (const file of files) {
      expectReadable(file);
      frames += (await captured(file)).frames;
    }
    const [, all] = /(\d+) packets, \d+ octets written/.exec(record.said()) ?? [];
    expect(frames).toBeGreaterThan(0);
    expect(frames).toBeLessThan(Number(all));
    const causes = await causesIn(files);
    expect(told(record.said())).toEqual(['connect-refused', 'header-invalid', 'connect-refused']);
    expect(causes.map((line) => CAUSES.find((cause) => line.includes(cause)))).toEqual(told(record.said()));
  },
  LIMIT_MS,
);

test(
  'killed, it leaves no process behind, and what it kept can be read',
  async () => {
    const place = newPlace();
    const traffic = await startTraffic(place);
    const record = await startRecord(place, '--around-502', '1s');
    await traffic.ask(['/closed/a']);
    await until('it is kept', () => record.said().includes('connect-refused'));
    record.child.kill('SIGKILL');
    await record.ended;
    await until('the program has said its last words', () => record.said().includes('dropped by the kernel'));
    for (const file of record.files()) expectReadable(file);
    expect(await causesIn(record.files().slice(0, 1))).toHaveLength(1);
  },
  LIMIT_MS,
);

/** `--engine pcap` and `--engine cap`: the same 502s by another way; where the package is not there, that is said. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import { inside } from '../lab/netns.ts';
import { until } from '../lab/programs/start.ts';
import { newPlace } from './capture-program.ts';
import { startTraffic } from './capture-traffic.ts';
import { field, runs, startLive } from './live-run.ts';
import { CLI } from './stage.ts';

const LIMIT_MS = 60_000;
const NOBODY = Array(4).fill('65534').join('\t');
const TARGETS = ['/closed/a', '/reset?b', '/broken?c', '/page', '/page?last'];

describe.each(['pcap', 'cap'] as const)('--engine %s', (engine) => {
  test(
    'tells every 502 without root, and what it cannot tell; SIGINT ends it with a summary',
    async () => {
      const place = newPlace();
      if (!isInstalled(engine)) return expectRefusal(place.namespace, engine);
      const traffic = await startTraffic(place);
      const live = await startLive(place, '--engine', engine);
      for (const pid of [live.child.pid ?? 0, live.program]) {
        await until(`${pid} has given up root`, () => field(pid, 'Uid') === NOBODY);
        for (const set of ['CapPrm', 'CapEff']) expect(field(pid, set), set).toMatch(/^0+$/);
      }
      await until('it says so', () => live.said().includes(`why502: --engine ${engine}: The kernel is not asked`));
      await traffic.ask(TARGETS);
      await until('all three are told', () => live.lines.length === 3);
      live.child.kill('SIGINT');
      expect(await live.ended).toEqual([0, null]);
      expect(live.lines).toMatchObject([
        { request: { target: '/closed/a' }, verdict: { cause: 'connect-refused' } },
        { request: { target: '/reset?b' }, verdict: { cause: 'reset-before-response' } },
        { request: { target: '/broken?c' }, verdict: { cause: 'header-invalid' } },
        { type: 'summary', incidents: 3, requests: 5, losses: 0 },
      ]);
      const sure = live.lines.filter(({ verdict }) => (verdict as { confidence?: string })?.confidence === 'certain');
      if (engine === 'cap') expect(sure).toEqual([]);
      else expect(sure.length).toBeGreaterThan(0);
    },
    LIMIT_MS,
  );

  test('--duration ends it, without a packet', async () => {
    const place = newPlace();
    if (!isInstalled(engine)) return expectRefusal(place.namespace, engine);
    const live = await startLive(place, '--engine', engine, '--duration', '300ms');
    expect(await live.ended).toEqual([0, null]);
  });

  test('killed, it leaves no process behind', async () => {
    const place = newPlace();
    if (!isInstalled(engine)) return expectRefusal(place.namespace, engine);
    const live = await startLive(place, '--engine', engine);
    expect(existsSync(`/proc/${live.program}`)).toBe(true);
    live.child.kill('SIGKILL');
    await live.ended;
    await until('the engine has ended', () => !runs(live.program));
  });
});

function isInstalled(name: string): boolean {
  try {
    createRequire(import.meta.url)(name);
    return true;
  } catch {
    return false;
  }
}

async function expectRefusal(namespace: string, engine: string): Promise<void> {
  // npm test has installed what it is built with.
  if (process.env['CI']) throw new Error(`the npm package ${engine} was not built: what npm install said says why`);
  const [command, words] = inside(namespace, process.execPath, [CLI, 'live', '--engine', engine]);
  const child = spawn(command, words, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (octets: Buffer) => {
    said += octets.toString();
  });
  expect(await once(child, 'close')).toEqual([4, null]);
  expect(said).toContain(`npm install ${engine}`);
}

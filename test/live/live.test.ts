/** `why502 live`: from a packet in the kernel to a line on standard output, without root in between. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { inside } from '../lab/netns.ts';
import { until } from '../lab/programs/start.ts';
import { newPlace } from './capture-program.ts';
import { startTraffic } from './capture-traffic.ts';
import { field, runs, startLive } from './live-run.ts';
import { CLI } from './stage.ts';

const LIMIT_MS = 60_000;
const NOBODY = '65534';

test(
  'every 502 is told while it runs, by processes that have no privilege left; SIGINT ends it with a summary',
  async () => {
    const place = newPlace();
    const traffic = await startTraffic(place);
    const live = await startLive(place);
    for (const pid of [live.child.pid ?? 0, live.program]) {
      expect(field(pid, 'Uid')).toBe(Array(4).fill(NOBODY).join('\t'));
      expect(field(pid, 'Gid')).toBe(Array(4).fill(NOBODY).join('\t'));
      expect(field(pid, 'Groups')).toBe('');
      for (const set of ['CapPrm', 'CapEff', 'CapInh', 'CapAmb']) expect(field(pid, set), set).toMatch(/^0+$/);
    }
    await traffic.ask(['/closed/a', '/reset?b', '/broken?c', '/page', '/page?last']);
    await until('all three are told', () => live.lines.filter(({ type }) => type === 'incident').length === 3);
    expect(live.child.exitCode).toBeNull();
    live.child.kill('SIGINT');
    expect(await live.ended).toEqual([0, null]);
    expect(live.lines).toMatchObject([
      { type: 'incident', request: { target: '/closed/a' }, verdict: { cause: 'connect-refused' } },
      { type: 'incident', request: { target: '/reset?b' }, verdict: { cause: 'reset-before-response' } },
      { type: 'incident', request: { target: '/broken?c' }, verdict: { cause: 'header-invalid' } },
      { type: 'summary', incidents: 3, requests: 5, losses: 0 },
    ]);
    expect(live.said()).toMatch(/ packets, \d+ octets written, 0 packets dropped by the kernel$/m);
    const took = live.lines.slice(0, 3).map(({ time }, n) => (live.arrived[n] ?? 0) - Date.parse(String(time)));
    expect(Math.min(...took)).toBeGreaterThan(0);
    console.log(`captured ${live.startedIn} ms after its start; told ${took.join(', ')} ms after each 502`);
  },
  LIMIT_MS,
);

test(
  'a gateway is named by its process, and what others answer is not told',
  async () => {
    const place = newPlace();
    const traffic = await startTraffic(place);
    const live = await startLive(place, '--gateway', 'nginx');
    expect(live.said()).toContain('why502: gateway 127.0.0.1:8080');
    const nobody = await startLive(place, '--gateway', '192.0.2.1:80');
    await traffic.ask(['/closed/a', '/page']);
    await until('it is told', () => live.lines.length === 1);
    for (const { child, ended } of [live, nobody]) {
      child.kill('SIGINT');
      expect(await ended).toEqual([0, null]);
    }
    expect(live.lines).toMatchObject([{ request: { target: '/closed/a' } }, { incidents: 1, requests: 2 }]);
    expect(nobody.lines).toMatchObject([{ type: 'summary', incidents: 0, requests: 0 }]);
  },
  LIMIT_MS,
);

test(
  'a port narrows the capture to the TCP of it',
  async () => {
    const place = newPlace();
    const traffic = await startTraffic(place);
    const live = await startLive(place, '--port', '8080');
    await traffic.ask(['/reset?a']);
    await until('it is told', () => live.lines.length === 1);
    live.child.kill('SIGINT');
    await live.ended;
    const attempt = { peer: '127.0.0.1:3000', link: 'kernel', cause: 'unknown', requestOctets: 0 };
    expect(live.lines).toMatchObject([{ attempts: [attempt], verdict: { cause: 'unknown' } }, { requests: 1 }]);
  },
  LIMIT_MS,
);

test('a gateway that does not listen is refused with those that do', async () => {
  const { stage, namespace } = newPlace();
  const [command, words] = inside(namespace, process.execPath, [CLI, '--gateway', 'no-such-gate']);
  const child = spawn(command, words, { stdio: ['ignore', 'ignore', 'pipe'] });
  stage.atEnd(() => void child.kill('SIGKILL'));
  let said = '';
  child.stderr.on('data', (octets: Buffer) => {
    said += octets.toString();
  });
  expect(await once(child, 'close')).toEqual([2, null]);
  expect(said).toContain('no-such-gate: no process of that name or id listens here');
});

test('--duration ends it', async () => {
  const live = await startLive(newPlace(), '--duration', '300ms');
  expect(await live.ended).toEqual([0, null]);
  expect(live.lines).toMatchObject([{ type: 'summary', incidents: 0 }]);
});

test('killed, it leaves no capture program behind', async () => {
  const live = await startLive(newPlace());
  expect(existsSync(`/proc/${live.program}`)).toBe(true);
  live.child.kill('SIGKILL');
  await live.ended;
  await until('the program has ended', () => !runs(live.program));
});

test('its program killed, it says so and ends', async () => {
  const live = await startLive(newPlace());
  process.kill(live.program, 'SIGKILL');
  expect(await live.ended).toEqual([4, null]);
  expect(live.said()).toContain('the capture program was killed');
});

/** A reader that is stopped, as one is on a machine that has no time for it: what it is told afterwards is right, if less. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { inside } from '../lab/netns.ts';
import { until } from '../lab/programs/start.ts';
import { CAPTURE, make, newPlace, READY } from './capture-program.ts';
import { manyTargets, startTraffic } from './capture-traffic.ts';
import { type Line, startLive } from './live-run.ts';
import { CLI } from './stage.ts';

const LIMIT_MS = 120_000;
/** By the first part of their target. */
const CAUSES: Readonly<Record<string, string>> = {
  closed: 'connect-refused',
  reset: 'reset-before-response',
  broken: 'header-invalid',
};

interface Told {
  readonly target: string;
  readonly cause: string;
  readonly confidence: string;
}

function incidents(lines: readonly Line[]): Told[] {
  return lines.flatMap(({ type, request, verdict }) =>
    type === 'incident' ? [{ ...(request as { target: string }), ...(verdict as Omit<Told, 'target'>) }] : [],
  );
}

const causeOf = ({ target }: { target: string }): string | undefined => CAUSES[/\w+/.exec(target)?.[0] ?? ''];

test(
  'requests that went well are left out and counted, and every 502 is told with its cause',
  async () => {
    const place = newPlace();
    const traffic = await startTraffic(place);
    const live = await startLive(place);
    await traffic.ask(['/page?first', '/closed/first']);
    await until('it listens', () => live.lines.length === 1);
    live.child.kill('SIGSTOP');
    const failing = Array.from({ length: 20 }, (_, n) => `/${['closed/', 'reset?', 'broken?'][n % 3]}n=${n}`);
    // More than the pipe and the buffer hold: what comes then is chosen when the reader takes something.
    await traffic.ask(manyTargets(400));
    await traffic.ask([...failing.flatMap((target) => [target, ...manyTargets(20)]), ...manyTargets(20)]);
    live.child.kill('SIGCONT');
    await until('all are told', () => live.lines.length === 1 + failing.length);
    live.child.kill('SIGINT');
    expect(await live.ended).toEqual([0, null]);
    const told = incidents(live.lines);
    expect(told.map(({ target }) => target).toSorted()).toEqual(['/closed/first', ...failing].toSorted());
    for (const each of told) expect(each.cause, each.target).toBe(causeOf(each));
    expect(live.lines.at(-1)).toMatchObject({
      type: 'summary',
      incidents: 21,
      requests: 2 + 400 + 21 * 20 + failing.length,
      losses: 0,
      counters: { 'kernel.leftOut': expect.any(Number) },
    });
    expect(live.said()).toMatch(/ \d+ packets of requests that went well were left out$/m);
  },
  LIMIT_MS,
);

test(
  'what the kernel drops because the ring is tiny is counted and shown, and no verdict is wrong or certain amid it',
  async () => {
    const place = newPlace();
    const { stage, namespace } = place;
    const traffic = await startTraffic(place);
    make();
    const [command, args] = inside(namespace, CAPTURE, ['-i', 'lo', '--no-triage', '--ring', '256K']);
    const capture = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    stage.atEnd(() => void capture.kill('SIGKILL'));
    let said = '';
    capture.stderr.on('data', (octets: Buffer) => {
      said += octets.toString();
    });
    const reader = spawn(process.execPath, [CLI, '-', '--format', 'ndjson'], {
      stdio: [capture.stdout, 'pipe', 'ignore'],
    });
    stage.atEnd(() => void reader.kill('SIGKILL'));
    const lines: Line[] = [];
    createInterface({ input: reader.stdout }).on('line', (line) => lines.push(JSON.parse(line)));
    const ended = once(reader, 'close');
    await until('it captures', () => said.includes(READY));
    reader.kill('SIGSTOP');
    const failing = Array.from({ length: 30 }, (_, n) => `/${['closed/', 'reset?', 'broken?'][n % 3]}n=${n}`);
    await traffic.ask(failing.flatMap((target) => [target, ...manyTargets(10)]));
    reader.kill('SIGCONT');
    await traffic.ask(failing.flatMap((target) => [`${target}&again`, ...manyTargets(2)]));
    capture.kill('SIGINT');
    expect(await ended).toEqual([0, null]);
    const [, dropped] = /(\d+) packets dropped by the kernel/.exec(said) ?? [];
    const summary = lines.at(-1);
    expect(Number(dropped)).toBeGreaterThan(100);
    expect(summary).toMatchObject({ type: 'summary', losses: Number(dropped) });
    const told = incidents(lines);
    expect(told.length).toBeGreaterThan(0);
    const wrong = told.filter((each) => each.cause !== causeOf(each) && each.cause !== 'unknown');
    expect(wrong.filter(({ confidence }) => confidence !== 'possible')).toEqual([]);
    expect(lines.filter(({ type }) => type === 'loss').length).toBeGreaterThan(0);
  },
  LIMIT_MS,
);

/** A host without processor time to spare: requests that went well are left out and counted, every 502 is told. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inside } from '../lab/netns.ts';
import { until } from '../lab/programs/start.ts';
import { CAPTURE, newPlace, startPiped } from './capture-program.ts';
import { startTraffic } from './capture-traffic.ts';
import { CLI } from './stage.ts';

const LIMIT_MS = 60_000;
/** By the first part of their target. */
const CAUSES: Readonly<Record<string, string>> = {
  closed: 'connect-refused',
  reset: 'reset-before-response',
  broken: 'header-invalid',
};
const BUSY_HOST = 'WHY502_REASON=busy-host\n';
/** Of the crowd's requests to nginx: those in the stream, and how many were left out of it. */
const WRITTEN = /GET \/page\?crowd HTTP\/1\.1\r\nHost: 127\.0\.0\.1:8080/g;
const LEFT_OUT = /WHY502_SERVER=127\.0\.0\.1:8080\nWHY502_REASON=busy-host\nWHY502_REQUESTS=(\d+)\n/g;

test(
  'where others take all processors, every 502 is told, and what is left out is counted',
  async () => {
    const place = newPlace();
    const { stage, namespace } = place;
    const traffic = await startTraffic(place);
    const capture = await startPiped(place, inside(namespace, CAPTURE, ['-i', 'lo', '--yield']));
    const stream: Buffer[] = [];
    capture.child.stdout.on('data', (octets: Buffer) => stream.push(octets));
    // So that it is known who is a gateway, whatever is left out.
    await traffic.ask(['/page?first', '/closed/first']);
    // They take what is left over: the requests go on at full speed.
    const burners = Array.from({ length: availableParallelism() }, (_, n) =>
      stage.start(`burner-${n}`, ['nice', ['-n', '19', process.execPath, '-e', 'for (;;);']]),
    );
    const stop = traffic.askOnAndOn();
    await until('requests are left out for the host', () => stream.some((octets) => octets.includes(BUSY_HOST)));
    const failing = Array.from({ length: 21 }, (_, n) => `/${['closed/', 'reset?', 'broken?'][n % 3]}n=${n}`);
    await traffic.ask(failing.map((target) => `&${target}`));
    const asked = await stop();
    await Promise.all(burners.map((burner) => burner.stop()));
    capture.child.kill('SIGINT');
    expect(await capture.ended).toEqual([0, null]);
    expect(capture.said()).toMatch(/ 0 packets dropped by the kernel$/m);

    const octets = Buffer.concat(stream);
    const text = octets.toString('latin1');
    const written = [...text.matchAll(WRITTEN)].length;
    const leftOut = [...text.matchAll(LEFT_OUT)].map(([, count]) => Number(count));
    expect(written + leftOut.reduce((sum, count) => sum + count, 0)).toBe(asked);

    const file = join(stage.dir, 'busy.pcapng');
    writeFileSync(file, octets);
    const said = execFileSync(process.execPath, [CLI, file, '--format', 'ndjson'], { encoding: 'utf8' });
    const lines = said
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const told = lines.filter(({ type }) => type === 'incident');
    expect(told.map(({ request }) => request.target).toSorted()).toEqual(['/closed/first', ...failing].toSorted());
    for (const { request, verdict } of told)
      expect(verdict.cause, request.target).toBe(CAUSES[/\w+/.exec(request.target)?.[0] ?? '']);
    expect(lines.at(-1)).toMatchObject({ incidents: 22, losses: 0 });
  },
  LIMIT_MS,
);

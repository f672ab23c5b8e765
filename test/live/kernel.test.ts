/** The kernel as witness: real failures, each told of once, and what why502 makes of them. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isCertainlyWrong, scoreRun } from '../lab/score.ts';
import { complaintTable } from '../lab/scoreboard.ts';
import { newPlace, startCapture, stopWhenSeen } from './capture-program.ts';
import { startTraffic } from './capture-traffic.ts';
import { expectReadable, rows } from './captured.ts';
import { labRun } from './lab-run.ts';
import { newStage } from './stage.ts';

const LIMIT_MS = 120_000;
const EACH = 23;

/** A refusal between the same addresses, but on another loopback: that of the namespace that the test itself is in. */
async function refusedOutside(): Promise<void> {
  const socket = connect(9, '127.0.0.1');
  await expect(once(socket, 'connect')).rejects.toThrow('ECONNREFUSED');
}

test(
  `${EACH} provoked failures of each kind give ${EACH} events of that kind, no more, and tshark shows them`,
  async () => {
    const place = newPlace();
    const traffic = await startTraffic(place);
    const file = join(place.stage.dir, 'case.pcapng');
    const capture = await startCapture(place, ['-i', 'lo', '-w', file]);
    const each = (target: string): string[] => Array.from({ length: EACH }, (_, n) => `${target}?n=${n}`);
    await traffic.ask([...each('/closed/'), ...each('/reset')]);
    for (let n = 0; n < EACH; n++) await killOne();
    await refusedOutside();
    await traffic.ask(['/last']);
    await stopWhenSeen(capture, file, '/last');

    const told = rows(file, 'systemd_journal', ['systemd_journal.message']);
    const count = (pattern: RegExp): number => told.filter((line) => pattern.test(line)).length;
    expect(count(/^nginx\[\d+\] closed .*:9: Connection refused/)).toBe(EACH);
    expect(count(/^this host reset 127[.]0[.]0[.]1:9 -> .*: NO_SOCKET$/)).toBe(EACH);
    expect(count(/^nginx\[\d+\] closed .*:3000: Connection reset by peer/)).toBe(EACH);
    expect(count(/^node\[\d+\] reset 127[.]0[.]0[.]1:3000 -> /)).toBe(EACH);
    expect(count(/^nginx\[\d+\] answered .* with 502 because of that$/)).toBe(2 * EACH);
    expect(count(/^\S+\[\d+\] sent SIGKILL to sleep\[\d+\]$/)).toBe(EACH);
    expect(count(/^sleep\[\d+\] was ended by signal 9 \(SIGKILL\)$/)).toBe(EACH);
    expect(count(/events were lost/)).toBe(0);
    expectReadable(file);
  },
  LIMIT_MS,
);

async function killOne(): Promise<void> {
  const child = spawn('sleep', ['60'], { stdio: 'ignore' });
  await once(child, 'spawn');
  child.kill('SIGKILL');
  await once(child, 'exit');
}

test(
  'a worker of php-fpm that dies is named, over TCP and over a unix socket, with certainty',
  async () => {
    const words = ['--kernel', '--scenarios', 'php-kill,unix-php-kill', '--connections', '8'];
    const { truth, lines } = await labRun(newStage(), ...words);
    expect(lines.length).toBe(truth.length);
    for (const line of lines) {
      expect(line).toMatchObject({
        verdict: { cause: 'reset-before-response', subcause: 'worker-killed', confidence: 'certain' },
        attempts: [{ link: 'kernel' }],
      });
    }
  },
  LIMIT_MS,
);

test(
  'in a mixed load the kernel ties nearly every attempt to its request, and nothing wrong is certain',
  async () => {
    const words = ['--kernel', '--connections', '1000', '--concurrency', '24', '--seed', '502'];
    const { truth, lines } = await labRun(newStage(), ...words);
    const score = scoreRun('kernel', truth, lines, true);
    const { tcp, details } = score;
    expect(tcp.logged).toBeGreaterThan(100);
    expect(details.filter(isCertainlyWrong)).toEqual([]);
    expect((100 * tcp.peersRight) / tcp.logged, complaintTable(score)).toBeGreaterThanOrEqual(99);
    const attempts = lines.filter(({ type }) => type === 'incident').flatMap((line) => line.attempts);
    const linked = attempts.filter(({ link }) => link === 'kernel').length;
    expect((100 * linked) / attempts.length).toBeGreaterThanOrEqual(99);
  },
  LIMIT_MS,
);

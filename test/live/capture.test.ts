/** The capture program on real traffic, in a network namespace of its own, beside tcpdump. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { essence, type VerdictLine } from '../captures/analysis.ts';
import { inside } from '../lab/netns.ts';
import { until } from '../lab/programs/start.ts';
import { scoreRun } from '../lab/score.ts';
import { newPlace, type Running, startCapture, stopWhenSeen } from './capture-program.ts';
import { manyTargets, startTraffic } from './capture-traffic.ts';
import { captured, expectReadable, rows } from './captured.ts';
import { labRunBeside, verdicts } from './lab-run.ts';
import { newStage, type Stage } from './stage.ts';

const LIMIT_MS = 120_000;
const SEGMENT = ['ip.src', 'tcp.srcport', 'ip.dst', 'tcp.dstport', 'tcp.seq_raw', 'tcp.flags'];

describe('beside tcpdump', () => {
  test(
    'every handshake, reset and head is there, octets of 40 kB bodies are below a tenth, verdicts are the same',
    async () => {
      const place = newPlace();
      const { stage, namespace } = place;
      const traffic = await startTraffic(place);
      const ours = join(stage.dir, 'ours.pcapng');
      const theirs = join(stage.dir, 'theirs.pcap');
      const tcpdump = await startTcpdump(stage, namespace, theirs);
      const capture = await startCapture(place, ['--no-witness', '-i', 'lo', '-w', ours]);
      await traffic.ask(targets());
      await stopWhenSeen(capture, ours, '/last');
      await tcpdump();

      const [mine, full] = await Promise.all([captured(ours), captured(theirs)]);
      expect(mine.lost).toBe(0);
      const share = mine.held / full.held;
      console.log(`octets held: ${mine.held} of ${full.held}, ${(100 * share).toFixed(1)} %`);
      expect(share).toBeLessThan(0.1);
      // tcpdump is stopped later: a connection may end in between.
      const before = `frame.time_epoch <= ${rows(ours, 'frame', ['frame.time_epoch']).at(-1)}`;
      for (const [what, filter, fields] of [
        ['handshakes and ends', 'tcp.flags.syn == 1 || tcp.flags.fin == 1 || tcp.flags.reset == 1', SEGMENT],
        ['requests', 'http.request', [...SEGMENT, 'http.request.line', 'http.request.uri']],
        ['segments, each with its length', 'tcp.len > 0', [...SEGMENT, 'tcp.len']],
      ] as const) {
        expect(rows(ours, filter, fields), what).toEqual(rows(theirs, `(${filter}) && ${before}`, fields));
      }
      const found = await verdicts(ours);
      expect(found.map(gist)).toEqual((await verdicts(theirs)).map(gist));
      expect(found.length).toBeGreaterThanOrEqual(20);
      expectReadable(ours);
    },
    LIMIT_MS,
  );

  test(
    'a mixed load of the lab is judged as from the capture of tcpdump',
    async () => {
      const stage = newStage();
      const ours = join(stage.dir, 'ours.pcapng');
      let capture: Running | undefined;
      const words = ['--connections', '1000', '--concurrency', '24', '--seed', '502'];
      const lab = await labRunBeside(
        stage,
        async (gateway) => {
          capture = await startCapture({ stage, namespace: gateway }, ['--no-witness', '-w', ours]);
        },
        ...words,
      );
      await capture?.program.stop('SIGINT');
      expect(capture?.said()).toMatch(/ 0 packets dropped by the kernel$/m);
      const found = await verdicts(ours);
      const [mine, theirs] = [found, lab.lines].map((lines) => scoreRun('live', lab.truth, lines).tcp);
      const percent = ({ right, logged }: { right: number; logged: number }) => (100 * right) / logged;
      if (!mine || !theirs) throw new Error('no scores');
      console.log(`causes right: ${percent(mine).toFixed(2)} %, from tcpdump ${percent(theirs).toFixed(2)} %`);
      expect(mine.logged).toBeGreaterThan(100);
      expect(Math.abs(percent(mine) - percent(theirs))).toBeLessThanOrEqual(0.5);
      const others = new Set(lab.lines.map(gist));
      const differing = found.map(gist).filter((line) => !others.has(line));
      expect(differing.length, differing.join('\n')).toBeLessThanOrEqual(found.length / 100);
      expectReadable(ours);
    },
    LIMIT_MS,
  );
});

/** Bodies on new and on kept connections, and failures of three kinds. */
function targets(): string[] {
  const numbers = Array.from({ length: 10 }, (_, n) => n);
  return [
    ...numbers.flatMap((n) => [`/page?n=${n}`, `+/page?kept=${n}`, `/page?again=${n}`]),
    ...numbers.flatMap((n) => [`/closed/x?n=${n}`, `/broken?n=${n}`, `/reset?n=${n}`]),
    ...manyTargets(60),
    '/last',
  ];
}

/** A verdict without the number of its incident. */
function gist(line: VerdictLine): string {
  return `${line.client} ${essence({ ...line, id: '', rootChain: [] })}`;
}

async function startTcpdump(stage: Stage, namespace: string, file: string): Promise<() => Promise<void>> {
  const words = ['-i', 'lo', '--immediate-mode', '-U', '-B', '65536', '--nano', '-Z', 'root', '-w', file, 'tcp'];
  const program = stage.start('tcpdump', inside(namespace, 'tcpdump', words), 'stderr');
  await until('tcpdump has begun', () => existsSync(file) && statSync(file).size > 0, program);
  return async () => {
    await until('the last request is in its capture', () => readFileSync(file).includes('/last'), program);
    await program.stop('SIGINT');
  };
}

/**
 * `tcpdump -w - | why502 -`, and the capture program's stream, out of another network namespace, as `ssh` would bring it out of another
 * machine: the 502 is told while the capture goes on.
 */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, test } from 'vitest';
import { placePeers } from '../lab/addresses.ts';
import { inside, makeNamespaces } from '../lab/netns.ts';
import { OUTER_PORT } from '../lab/places.ts';
import { writeNginx } from '../lab/programs/nginx.ts';
import { type Program, printed, until } from '../lab/programs/start.ts';
import { chooseScenarios } from '../lab/scenarios/choose.ts';
import { SCENARIOS } from '../lab/scenarios/index.ts';
import { CAPTURE, make, READY } from './capture-program.ts';
import { CLI, newStage, type Stage } from './stage.ts';

/** A test that waits longer hangs. How long it took is told where it fails, and bounded loosely: machines are busy. */
const GUARD_MS = 15_000;
const LIMIT_MS = 60_000;
const TARGET = '/refused/live?id=1';

/**
 * Asks, says when the head of the answer was there, and then keeps the connection open and silent: no later packet can
 * push the verdict out. Runs in the gateway's namespace.
 */
const CLIENT = `
  const socket = require('node:net').connect(${OUTER_PORT}, '127.0.0.1');
  socket.once('data', (octets) => console.log(Date.now(), String(octets).split('\\r\\n')[0]));
  socket.write('GET ${TARGET} HTTP/1.1\\r\\nHost: shop.example\\r\\n\\r\\n');
`;

/** Before options of its own. */
const TCPDUMP = ['-i', 'lo', '-U', '-w', '-', 'tcp'];

/** What writes the capture, and what it says when it has begun. */
interface Writer {
  readonly command: string;
  readonly args: readonly string[];
  readonly ready: string;
}

interface Pipeline {
  readonly capture: Program;
  readonly why502: Program;
  /** Lines of standard output, each with its time of arrival. */
  readonly lines: { readonly at: number; readonly text: string }[];
}

describe('a capture from a pipe', () => {
  test.each([
    [
      'of tcpdump, as it is made',
      { command: 'tcpdump', args: ['--immediate-mode', ...TCPDUMP], ready: 'listening on' },
    ],
    ['of tcpdump, in pieces of a second', { command: 'tcpdump', args: TCPDUMP, ready: 'listening on' }],
    ['of the capture program', { command: CAPTURE, args: ['-i', 'lo'], ready: READY }],
  ])('tells a 502 while the pipe stays open: %s', (_, capture) => tellsOne(newStage(), capture), LIMIT_MS);
});

async function tellsOne(stage: Stage, writer: Writer): Promise<void> {
  make();
  const namespaces = makeNamespaces();
  stage.atEnd(namespaces.remove);
  await startNginx(stage, namespaces.gateway);
  const { capture, why502, lines } = await startPipeline(stage, namespaces.gateway, writer);

  const client = stage.start('client', inside(namespaces.gateway, process.execPath, ['-e', CLIENT]), 'stdout');
  const [answer] = await once(client.process.stdout as NodeJS.ReadableStream, 'data');
  const [, answered = '', status = ''] = /^(\d+) (.*)\n/.exec(String(answer)) ?? [];
  expect(status).toBe('HTTP/1.1 502 Bad Gateway');

  await until('the 502 is told', () => lines.length > 0, why502, GUARD_MS);
  const took = (lines[0]?.at ?? 0) - Number(answered);
  const running = [capture, why502, client].map(({ process: { exitCode, signalCode } }) => exitCode ?? signalCode);
  expect(running, `told ${took} ms after the 502`).toEqual([null, null, null]);
  expect(JSON.parse(lines[0]?.text ?? '')).toMatchObject({
    type: 'incident',
    request: { target: TARGET },
    verdict: { cause: 'connect-refused' },
  });
  expect(took, `told ${took} ms after the 502`).toBeLessThan(GUARD_MS);
  console.log(`told ${took} ms after the 502 (${[writer.command, ...writer.args].join(' ')})`);

  const ended = once(why502.process, 'close');
  await capture.stop('SIGINT');
  expect(await ended).toEqual([0, null]);
  expect(lines.map(({ text }) => JSON.parse(text).type)).toEqual(['incident', 'summary']);
  expect(JSON.parse(lines.at(-1)?.text ?? '')).toMatchObject({ incidents: 1, requests: 1 });
}

/** An nginx with one peer, whose port is closed. */
async function startNginx(stage: Stage, namespace: string): Promise<void> {
  const placed = placePeers(SCENARIOS, stage.dir);
  const words = writeNginx(stage.dir, 'outer', chooseScenarios(['refused']), placed, { workers: 1, clients: 'clear' });
  const nginx = stage.start('nginx', inside(namespace, 'nginx', words));
  const listening = () => execFileSync(...inside(namespace, 'ss', ['-Hltn', `sport = :${OUTER_PORT}`])).length > 0;
  await until('nginx listens', listening, nginx);
}

/** Joined by a pipe that is nobody else's, as a shell would. */
async function startPipeline(stage: Stage, namespace: string, writer: Writer): Promise<Pipeline> {
  const pipe = join(stage.dir, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const [command, args] = inside(namespace, 'sh', [
    '-c',
    'pipe=$1; shift; exec "$@" > "$pipe"',
    'sh',
    pipe,
    writer.command,
    ...writer.args,
  ]);
  const capture = stage.start('capture', [command, args], 'stderr');
  const analysis = ['-c', 'exec "$1" "$2" - --format ndjson < "$3"', 'sh', process.execPath, CLI, pipe];
  const why502 = stage.start('why502', ['sh', analysis], 'stdout');
  const lines: Pipeline['lines'] = [];
  createInterface({ input: why502.process.stdout as NodeJS.ReadableStream }).on('line', (text) => {
    lines.push({ at: Date.now(), text });
  });
  await printed(capture, writer.ready);
  return { capture, why502, lines };
}

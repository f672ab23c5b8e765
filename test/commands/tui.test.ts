import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Display, hasScreen, RunningTui, type TuiWish } from '../../src/commands/tui.ts';
import { createPipeline } from '../../src/pipeline.ts';
import { readCapture } from '../../src/sources/capture-file.ts';
import { run } from '../sinks/kit/verdicts.ts';
import { FakeScreen } from '../sinks/tui/fake-screen.ts';
import { stage } from './kit/stage.ts';

const FILE = join(import.meta.dirname, '../../captures/reset-before-response/php-kill-kernel.pcapng');
const WISH: TuiWish = {
  mode: 'file',
  file: FILE,
  size: undefined,
  interfaces: [],
  named: [],
  machine: () => ({ gateways: [], listening: new Map([['127.0.0.1:8080', 'nginx 812 +4']]) }),
  colour: 'auto',
  showSecrets: false,
};

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

function open(wish: Partial<TuiWish> = {}) {
  const screen = new FakeScreen(180, 45);
  let released = 0;
  const display: Display = {
    open: (_, events) => screen.open(events),
    release: () => {
      released++;
    },
  };
  const set = stage({ terminal: true });
  const running = new RunningTui({ ...WISH, ...wish }, set.world, display);
  return { ...set, screen, running, released: () => released };
}

/** Reads the capture as the command does. */
async function read(running: RunningTui): Promise<void> {
  let epoch = 0n;
  const { tui } = running;
  const sink = { verdict: tui.verdict.bind(tui), loss: tui.loss.bind(tui), watch: tui };
  const pipeline = createPipeline({ gateways: [], settle: 10e9 }, sink);
  const records = running.follow(pipeline, { epoch: () => epoch, live: undefined });
  await readCapture(FILE, records, {
    epoch: (known) => {
      epoch = known;
    },
    batch: (latest) => running.heard(latest),
    progress: (octets) => running.read(octets),
  });
  pipeline.end();
  vi.advanceTimersByTime(1000);
}

test('a screen needs a terminal that can move its cursor', () => {
  expect(hasScreen(stage({ terminal: true, env: { TERM: 'xterm' } }).world)).toBe(true);
  expect(hasScreen(stage({ terminal: true, env: { TERM: 'dumb' } }).world)).toBe(false);
  expect(hasScreen(stage({ terminal: false, env: { TERM: 'xterm' } }).world)).toBe(false);
});

test('the run is told as it goes: who the gateway is, what is seen, what was found', async () => {
  const { running, screen } = open();
  await read(running);
  expect(screen.text).toMatch(
    /php-kill-kernel[.]pcapng 18 kB {2}gateway nginx 812 \+4 at 127[.]0[.]0[.]1:8080 {2}packets \+ kernel/,
  );
  expect(screen.text).toMatch(/5 requests {2}502: 3/);
  running.close();
});

test('a gateway that nobody has asked yet is named after those that were, unless one of them is the same listener', async () => {
  const who = 'nginx 812 +4';
  const gateways = [
    { at: '0.0.0.0:8080', who, reachable: ['10.0.0.1:8080', '127.0.0.1:8080'] },
    { at: '0.0.0.0:8081', who, reachable: ['10.0.0.1:8081', '127.0.0.1:8081'] },
  ];
  const { running, screen } = open({ machine: () => ({ ...WISH.machine(), gateways }) });
  await read(running);
  expect(screen.text).toContain('  gateway nginx 812 +4 at 127.0.0.1:8080, 0.0.0.0:8081  ');
  running.close();
});

test('gateways that the user named are those that are watched', async () => {
  const gateways = [{ at: '0.0.0.0:8081', who: 'nginx 812 +4', reachable: ['127.0.0.1:8081'] }];
  const named = ['127.0.0.1:8080', '10.9.9.9:80'];
  const { running, screen } = open({ named, machine: () => ({ gateways, listening: new Map() }) });
  await read(running);
  expect(screen.text).toContain('  gateway 127.0.0.1:8080, 10.9.9.9:80  ');
  running.close();
});

test('leaving says what came of it, and what was said meanwhile', async () => {
  const { running, written, said, released } = open();
  await read(running);
  running.world.say('a probe is missing');
  running.tui.end(run());
  running.close();
  expect(written.join('')).toBe('why502: 3 of 5 requests were a 502, 0 failures hidden by retries.\n');
  expect(said).toEqual(['a probe is missing']);
  expect(released()).toBe(1);
});

test('leaving a capture that could not be read says why, and counts nothing', () => {
  const { running, written, said } = open();
  running.world.say('why502: a.pcap: no such file.');
  running.close();
  expect(written).toEqual([]);
  expect(said).toEqual(['why502: a.pcap: no such file.']);
});

test('an interrupt, a terminal that hangs up: each ends it as q does, and is heard no more afterwards', async () => {
  for (const end of [
    ({ interrupt }: ReturnType<typeof open>) => interrupt.abort(),
    () => void process.emit('SIGHUP'),
    ({ screen }: ReturnType<typeof open>) => screen.press('q'),
  ]) {
    const before = process.listenerCount('SIGHUP');
    const opened = open();
    expect(process.listenerCount('SIGHUP')).toBe(before + 1);
    end(opened);
    await opened.running.quit;
    opened.running.close();
    expect(process.listenerCount('SIGHUP')).toBe(before);
  }
});

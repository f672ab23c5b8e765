/** The command with a stream in the place of the capture program; the program itself is tested in test/live. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, onTestFinished, test, vi } from 'vitest';
import { live } from '../../src/commands/live.ts';
import type { LiveConfig } from '../../src/commands/live-options.ts';
import { EXIT } from '../../src/config.ts';
import { pcapngBlocks, SOME_TIME } from '../kit/capture-files.ts';
import { concat } from '../kit/packets.ts';
import { refusedCapture, refusedFrames } from '../sinks/kit/refused-capture.ts';
import { fakeProgram } from './kit/capture-stream.ts';
import { stage } from './kit/stage.ts';

const CONFIG: LiveConfig = {
  interfaces: [],
  kernel: true,
  ports: [],
  duration: undefined,
  engine: 'capture',
  format: 'ndjson',
  gateways: [],
  exitCode: false,
  showSecrets: false,
  colour: 'auto',
  all: false,
  tui: false,
};

test('what the program captures is explained, and the program is told to end', async () => {
  const { world, written } = stage();
  expect(await live(CONFIG, world, fakeProgram(refusedCapture({ requests: 2 }), 0).start)).toBe(EXIT.done);
  const types = written
    .join('')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).type);
  expect(types).toEqual(['incident', 'incident', 'summary']);
});

test('interrupted, it tells all that its program still writes, however long that takes', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const { world, written, interrupt } = stage();
  function* interruptedAmid(): Generator<Uint8Array> {
    yield refusedCapture();
    interrupt.abort();
    vi.advanceTimersByTime(60_000);
    yield refusedCapture({ after: 1, start: SOME_TIME });
  }
  expect(await live(CONFIG, world, fakeProgram(interruptedAmid(), 0).start)).toBe(EXIT.done);
  expect(written.join('').match(/"type":"incident"/g)).toHaveLength(2);
});

test('the program has the last word on whether it worked', async () => {
  for (const [ended, code] of [
    [EXIT.usage, EXIT.usage],
    [EXIT.refused, EXIT.refused],
    [1, EXIT.refused],
  ] as const) {
    expect(await live(CONFIG, stage().world, fakeProgram(refusedCapture(), ended).start)).toBe(code);
  }
});

test('a program that was killed is told', async () => {
  const { world, said } = stage();
  expect(await live(CONFIG, world, fakeProgram(refusedCapture(), -1).start)).toBe(EXIT.refused);
  expect(said.at(-1)).toContain('killed');
});

test('a program that is not there is told with what to do', async () => {
  const { world, said } = stage();
  const missing = { kind: 'failure', code: 'ENOENT', cause: 'it is not there', remedy: 'Build it.' } as const;
  expect(await live(CONFIG, world, async () => missing)).toBe(EXIT.refused);
  expect(said.at(-1)).toBe('why502: it is not there. Build it.');
});

test('a full disk is told', async () => {
  const { world, said } = stage({
    onWrite: () => {
      throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
    },
  });
  expect(await live(CONFIG, world, fakeProgram(refusedCapture(), 0).start)).toBe(EXIT.refused);
  expect(said.at(-1)).toContain('ENOSPC');
});

test('a gateway that does not listen is a usage error, before anything is captured', async () => {
  const { world, said } = stage();
  const gateways = [{ process: 'no-such-gate' }];
  const never = (): never => expect.fail('captured');
  expect(await live({ ...CONFIG, gateways }, world, never)).toBe(EXIT.usage);
  expect(said).toEqual([expect.stringContaining('no-such-gate')]);
});

const MANY = 200;
/** Between two requests: what is kept for some time only is gone when the first look is taken. */
const APART = 2_000_000_000n;
/** Of an incident that is over, what tables with a limit keep until they are full, and what V8 learns; one that is kept whole is larger. */
const KEPT_OCTETS = 3_000;

test('memory is flat: after four times as many incidents little more is alive', async () => {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  const alive: number[] = [];
  let told = 0;
  const { world } = stage();
  const stdout = {
    ...world.stdout,
    write: (text: string) => {
      told += text.split('"type":"incident"').length - 1;
    },
  };
  const { start } = fakeProgram(
    incidentsOneByOne(4 * MANY, () => {
      if (told < MANY * (alive.length * 3 + 1) - MANY / 10) return;
      collect();
      alive.push(process.memoryUsage().heapUsed);
    }),
    0,
  );
  expect(await live(CONFIG, { ...world, stdout }, start)).toBe(EXIT.done);
  expect(told).toBe(4 * MANY);
  const [early = Number.NaN, late = Number.NaN] = alive;
  expect((late - early) / (3 * MANY)).toBeLessThan(KEPT_OCTETS);
}, 120_000);

/** A capture made as it is read; `looked` is called between two requests. */
function* incidentsOneByOne(count: number, looked: () => void): Generator<Uint8Array> {
  const block = pcapngBlocks();
  yield block.section();
  yield block.interfaceDescription({ linkType: 1, resolution: 9 });
  for (let after = 0; after < count; after++) {
    looked();
    const start = SOME_TIME + BigInt(after) * APART;
    const frames = refusedFrames({ after, start });
    yield concat(...frames.map((frame) => block.enhancedPacket(frame, { ticksPerSecond: 1_000_000_000n })));
  }
}

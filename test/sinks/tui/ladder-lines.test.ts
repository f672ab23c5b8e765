import fc from 'fast-check';
import { expect, test } from 'vitest';
import { columnsOf } from '../../../src/sinks/safe-text.ts';
import type { Ladder, Lane, Step } from '../../../src/sinks/tui/ladder.ts';
import { ladderLines } from '../../../src/sinks/tui/ladder-lines.ts';

const step = (ms: number, from: Lane, to: Lane, text: string, over: Partial<Step> = {}): Step => {
  const moment = { at: ms * 1e6, frame: 40 + ms };
  return { moment, from, to, text, role: 'plain', attempt: 0, broken: false, ...over };
};

const LADDER: Ladder = {
  peers: [{ name: '10.0.0.7:9000', process: 'php-fpm 4211' }],
  gateway: 'nginx 3312',
  kernel: true,
  steps: [
    step(0, 'client', 'gateway', 'POST /checkout', { attempt: -1 }),
    step(1, 'gateway', 0, 'SYN'),
    step(2310, 'kernel', 0, 'was ended by SIGKILL, which the OOM killer had chosen it for'),
    step(2311, 0, 'gateway', 'RST', { broken: true }),
  ],
};

function drawn(ladder: Ladder, width: number, attempt = 0): string[] {
  const options = { width, origin: 0, attempt, client: '203.0.113.9:58884', gateway: '10.0.0.1:80' };
  return ladderLines(ladder, { ...options, text: (wire) => wire }).map(({ spans }) =>
    spans.map(({ text }) => text).join(''),
  );
}

test('lanes with who stands above them, arrows, silences, frames', () => {
  expect(`${drawn(LADDER, 100).join('\n')}\n`).toMatchInlineSnapshot(`
    "      ms  client             nginx 3312            php-fpm 4211                      kernel  frame
       203.0.113.9:58884         10.0.0.1:80           10.0.0.7:9000                        
        0.00   │── POST /checkout ───▶│                      │                              │       40
        1.00   │                      │── SYN ──────────────▶│                              │       41
       2.31 s  ·                      ·                      ·                              ·
        2310   │                      │                      │◀──── was ended by SIGKILL, ──│     2350
               │                      │                      │   which the OOM killer had   │         
               │                      │                      │   chosen it for              │         
        2311   │                      │╳────────────── RST ──│                              │     2351
    "
  `);
});

test('what the kernel saw is wrapped, never cut', () => {
  for (const width of [70, 78, 120, 240]) {
    const words = drawn(LADDER, width)
      .join(' ')
      .replace(/[─│▶◀╳·]/g, ' ')
      .replace(/\d+/g, ' ')
      .replace(/\s+/g, ' ');
    expect(words).toContain('was ended by SIGKILL, which the OOM killer had chosen it for');
  }
});

test('lanes stand under each other at every width, and nothing sticks out', () => {
  const names = fc.string({ unit: 'binary', maxLength: 40 });
  const ladders = fc.record({
    peers: fc.array(fc.record({ name: names, process: fc.option(names, { nil: undefined }) }), {
      minLength: 1,
      maxLength: 4,
    }),
    gateway: fc.option(names, { nil: undefined }),
    kernel: fc.boolean(),
    text: names,
  });
  fc.assert(
    fc.property(ladders, fc.integer({ min: 58, max: 250 }), ({ text, ...rest }, width) => {
      const steps = [step(0, 'client', 'gateway', text), step(1, 'gateway', 0, text), step(2, 0, 'gateway', text)];
      if (rest.kernel) steps.push(step(3, 'kernel', 0, text));
      const [, , ...rungs] = drawn({ ...rest, steps }, width);
      const places = (rung: string): number[] => [...rung].flatMap((sign, at) => (sign === '│' ? [at] : []));
      for (const rung of rungs) expect(columnsOf(rung)).toBeLessThanOrEqual(width);
      const lanes = places(drawn({ ...rest, steps: [step(0, 'client', 'gateway', '')] }, width)[2] ?? '');
      for (const rung of rungs.filter((one) => !/[^\x20-\x7e─│▶◀]/.test(one))) {
        expect(lanes).toEqual(expect.arrayContaining(places(rung)));
      }
    }),
  );
});

test('where there is no room for all peers, those around the attempt looked at are drawn', () => {
  const peers = Array.from({ length: 8 }, (_, n) => ({ name: `10.0.0.${n}:80`, process: undefined }));
  const steps = peers.map((_, n) => step(n, n, 'gateway', 'RST', { attempt: n }));
  const ladder = { ...LADDER, kernel: false, peers, steps };
  expect(drawn(ladder, 78, 7)[1]).toContain('10.0.0.7:80');
  expect(drawn(ladder, 78, 7)[1]).not.toContain('10.0.0.0:80');
  expect(drawn(ladder, 240, 7)[1]).toContain('10.0.0.0:80');
});

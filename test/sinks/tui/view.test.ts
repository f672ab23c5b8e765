import fc from 'fast-check';
import { expect, test } from 'vitest';
import { columnsOf } from '../../../src/sinks/safe-text.ts';
import { frameText, MIN_COLS, MIN_ROWS, view } from '../../../src/sinks/tui/view.ts';
import { judge } from '../../../src/verdict/judge.ts';
import { attempt, fault, incident, request } from '../../kit/incidents.ts';
import { SIZES, WAYS } from './frames.ts';
import { ASCII, after, emptyScene, eveningScene, UNICODE } from './scenes.ts';

test.each(SIZES)('panes lie beside each other, none over another, at %ix%i', async (cols, rows) => {
  const scene = await eveningScene(cols, rows);
  for (const commands of Object.values(WAYS)) {
    const taken = new Set<number>();
    for (const { at } of view(after(scene, ...commands)).panes) {
      for (let y = at.top; y < at.top + at.height; y++) {
        for (let x = at.left; x < at.left + at.width; x++) {
          expect(taken.has(y * cols + x)).toBe(false);
          taken.add(y * cols + x);
        }
      }
    }
    expect(Math.max(...taken)).toBeLessThan(cols * rows);
  }
});

test('a screen that is too small is told so, and nothing else', async () => {
  const scene = await eveningScene(MIN_COLS - 1, MIN_ROWS);
  expect(frameText(view(scene))[0]).toContain(`${MIN_COLS}x${MIN_ROWS} at least`);
});

test('every size between the smallest and a wide one gives a frame of that size', async () => {
  const scene = await eveningScene(80, 24);
  for (let cols = MIN_COLS; cols <= 200; cols += 13) {
    for (const rows of [MIN_ROWS, 24, 34, 70]) {
      for (const commands of Object.values(WAYS)) {
        const text = frameText(view(after({ ...scene, ui: { ...scene.ui, cols, rows } }, ...commands)));
        expect(text).toHaveLength(rows);
        for (const row of text) expect(columnsOf(row)).toBeLessThanOrEqual(cols);
      }
    }
  }
});

test('titles are whole at every size', async () => {
  for (const [cols, rows] of SIZES) {
    const scene = await eveningScene(cols, rows, ASCII);
    for (const commands of Object.values(WAYS)) {
      const frame = view(after(scene, ...commands));
      const shown = frameText(frame, false).join('\n');
      for (const { title } of frame.panes) expect(shown).toContain(title);
    }
  }
});

test('whatever octets came from the wire, no screen holds anything that steers a terminal', () => {
  const octets = fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes).toString('latin1'));
  fc.assert(
    fc.property(octets, octets, octets, fc.boolean(), (target, value, stderr, unicode) => {
      const scene = emptyScene(100, 40, {}, unicode ? UNICODE : ASCII);
      const asked = request({ target, method: value, host: value, fields: [{ name: target, value }] });
      const failed = attempt({
        server: 'rst',
        request: asked,
        faults: [fault('header-line', value, target)],
        exchange: { stderr: `\x1b[2J${stderr}` },
      });
      scene.book.verdict(judge(incident({ attempts: [failed], exchange: { request: asked } })));
      const typed = { do: 'type', text: `\x9b31m${value}` } as const;
      for (const commands of [...Object.values(WAYS), [{ do: 'filter' } as const, typed]]) {
        const text = frameText(view(after(scene, ...commands)), unicode).join('');
        expect(text).not.toMatch(/[\p{C}\p{M}\p{Zl}\p{Zp}]/u);
      }
    }),
    { numRuns: 60 },
  );
});

import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { columnsOf } from '../../../src/sinks/safe-text.ts';
import type { Scene } from '../../../src/sinks/tui/scene.ts';
import type { Command } from '../../../src/sinks/tui/ui.ts';
import { frameText, MIN_COLS, MIN_ROWS, view } from '../../../src/sinks/tui/view.ts';
import { ASCII, after, eveningScene, UNICODE } from './scenes.ts';

const SCREENS: Readonly<Record<string, readonly Command[]>> = {
  hunt: [],
  filtered: [{ do: 'filter' }, { do: 'type', text: 'cause:reset -path:php' }, { do: 'accept' }],
  story: [{ do: 'move', by: 1 }, { do: 'move', by: 5 }, { do: 'open' }],
  octets: [{ do: 'move', by: 1 }, { do: 'move', by: 5 }, { do: 'open' }, { do: 'octets' }],
  upstreams: [
    { do: 'show', screen: 'upstreams' },
    { do: 'move', by: 1 },
  ],
  causes: [
    { do: 'show', screen: 'causes' },
    { do: 'move', by: 1 },
  ],
  health: [{ do: 'show', screen: 'health' }],
  help: [{ do: 'show', screen: 'help' }],
};

const SIZES = [
  [80, 24],
  [140, 45],
  [250, 70],
] as const;

describe.each(SIZES)('at %ix%i', (cols, rows) => {
  test.each(Object.entries(SCREENS))('%s', async (name, commands) => {
    const frame = view(after(await eveningScene(cols, rows, UNICODE), ...commands));
    const text = frameText(frame);
    expect(text).toHaveLength(rows);
    for (const row of text) expect(columnsOf(row)).toBeLessThanOrEqual(cols);
    const file = join(import.meta.dirname, `frames/${name}.${cols}x${rows}.txt`);
    await expect(`${text.join('\n')}\n`).toMatchFileSnapshot(file);
  });
});

test.each(Object.entries(SCREENS))('%s is plain ASCII where the terminal is', async (name, commands) => {
  const text = frameText(view(after(await eveningScene(80, 24, ASCII), ...commands)), false);
  expect(text.join('\n')).toMatch(/^[\n\x20-\x7e]*$/);
  await expect(`${text.join('\n')}\n`).toMatchFileSnapshot(join(import.meta.dirname, `frames/${name}.80x24.ascii.txt`));
});

test.each(SIZES)('panes lie beside each other, none over another, at %ix%i', async (cols, rows) => {
  const scene = await eveningScene(cols, rows, UNICODE);
  for (const commands of Object.values(SCREENS)) {
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
  const scene: Scene = await eveningScene(MIN_COLS - 1, MIN_ROWS, UNICODE);
  expect(frameText(view(scene))[0]).toContain(`${MIN_COLS}x${MIN_ROWS} at least`);
});

test('every size between the smallest and a wide one gives a frame of that size', async () => {
  const scene = await eveningScene(80, 24, UNICODE);
  for (let cols = MIN_COLS; cols <= 200; cols += 7) {
    for (const rows of [MIN_ROWS, 24, 37, 70]) {
      for (const commands of Object.values(SCREENS)) {
        const text = frameText(view(after({ ...scene, ui: { ...scene.ui, cols, rows } }, ...commands)));
        expect(text).toHaveLength(rows);
        for (const row of text) expect(columnsOf(row)).toBeLessThanOrEqual(cols);
      }
    }
  }
});

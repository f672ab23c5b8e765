import { expect, test } from 'vitest';
import { columnsOf } from '../../../src/sinks/safe-text.ts';
import { frameText, MIN_COLS, MIN_ROWS, view } from '../../../src/sinks/tui/view.ts';
import { SIZES, WAYS } from './frames.ts';
import { ASCII, after, eveningScene } from './scenes.ts';

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
  for (let cols = MIN_COLS; cols <= 200; cols += 7) {
    for (const rows of [MIN_ROWS, 24, 33, 34, 70]) {
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

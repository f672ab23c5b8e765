/** Golden frames of a screen: what it shows of a real capture at each size, looked at once and held from then on. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { columnsOf } from '../../../src/sinks/safe-text.ts';
import type { Scene } from '../../../src/sinks/tui/scene.ts';
import type { Command } from '../../../src/sinks/tui/ui.ts';
import { frameText, view } from '../../../src/sinks/tui/view.ts';
import { ASCII, after, eveningScene } from './scenes.ts';

export const SIZES = [
  [80, 24],
  [140, 45],
  [250, 70],
] as const;

/** Ways from the first screen to each of the others. */
export const WAYS: Readonly<Record<string, readonly Command[]>> = {
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

/** Declares the tests of one screen: the frames of frames/NAME.*, by way of `commands`. */
export function goldenFrames(name: keyof typeof WAYS, scene = eveningScene): void {
  test.each(SIZES)(`${name} at %ix%i is as it was looked at`, async (cols, rows) => {
    await matches(after(await scene(cols, rows), ...(WAYS[name] ?? [])), `${name}.${cols}x${rows}.txt`);
  });

  test(`${name} is plain ASCII where the terminal is`, async () => {
    const text = await matches(after(await scene(80, 24, ASCII), ...(WAYS[name] ?? [])), `${name}.80x24.ascii.txt`);
    expect(text).toMatch(/^[\n\x20-\x7e]*$/);
  });
}

/** Compares the frame with frames/FILE: as large as the screen, and no line longer. */
export async function matches(scene: Scene, file: string): Promise<string> {
  const { cols, rows } = scene.ui;
  const lines = frameText(view(scene), scene.look.unicode);
  expect(lines).toHaveLength(rows);
  for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(cols);
  const text = `${lines.join('\n')}\n`;
  await expect(text).toMatchFileSnapshot(join(import.meta.dirname, 'frames', file));
  return text;
}

export function textOf(scene: Scene): string {
  return frameText(view(scene), scene.look.unicode).join('\n');
}

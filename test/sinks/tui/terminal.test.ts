import { expect, test } from 'vitest';
import type { Look } from '../../../src/sinks/tui/frame.ts';
import { canDraw, greyOf, lookOf, palette } from '../../../src/sinks/tui/terminal.ts';

test.each([
  [
    { TERM: 'xterm-256color', LANG: 'C.UTF-8' },
    { unicode: true, colours: 256, background: 'unknown' },
  ],
  [
    { TERM: 'linux', LANG: 'C' },
    { unicode: false, colours: 16, background: 'unknown' },
  ],
  [
    { TERM: 'tmux-256color', NO_COLOR: '1', LC_ALL: 'en_GB.utf8', COLORFGBG: '15;default;0' },
    { unicode: true, colours: 0, background: 'dark' },
  ],
  [
    { TERM: 'xterm', COLORTERM: 'truecolor', COLORFGBG: '0;15' },
    { unicode: false, colours: 256, background: 'light' },
  ],
])('%j', (env, look) => {
  expect(lookOf(env, 'auto')).toEqual(look);
});

test('dumb terminals are not drawn on', () => {
  expect([{ TERM: 'dumb' }, {}, { TERM: 'screen' }].map(canDraw)).toEqual([false, false, true]);
});

test('without colours what matters is bold, and no colour is sent', () => {
  const plain = palette({ unicode: true, colours: 0, background: 'dark' });
  expect(plain.bad).toBe('1');
  expect(new Set(Object.values(plain))).toEqual(new Set(['', '1']));
});

/** Of the 256 colours, by xterm's table. */
function luminance(colour: number): number {
  const grey = 8 + 10 * (colour - 232);
  const levels = [0, 95, 135, 175, 215, 255];
  const cube = colour - 16;
  const parts =
    colour >= 232 ? [grey, grey, grey] : [36, 6, 1].map((weight) => levels[Math.floor(cube / weight) % 6] as number);
  const [red = 0, green = 0, blue = 0] = parts.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

const BLACK = 0;
const WHITE = 1;

test.each<[Look['background'], readonly number[]]>([
  ['dark', [BLACK]],
  ['light', [WHITE]],
  ['unknown', [BLACK, WHITE]],
])('on a background that is %s every colour stands out', (background, grounds) => {
  const look: Look = { unicode: true, colours: 256, background };
  const texts = Object.values(palette(look)).flatMap((sgr) => /38;5;(\d+)/.exec(sgr)?.[1] ?? []);
  expect(texts).toContain(String(greyOf(look)));
  for (const text of texts) {
    for (const ground of grounds) {
      const [dim = 0, bright = 0] = [luminance(Number(text)), ground].sort((a, b) => a - b);
      expect((bright + 0.05) / (dim + 0.05), text).toBeGreaterThanOrEqual(4);
    }
  }
});

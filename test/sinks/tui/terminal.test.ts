import { expect, test } from 'vitest';
import { canDraw, lookOf, palette } from '../../../src/sinks/tui/terminal.ts';

test.each([
  [
    { TERM: 'xterm-256color', LANG: 'C.UTF-8' },
    { unicode: true, colours: 256, light: false },
  ],
  [
    { TERM: 'linux', LANG: 'C' },
    { unicode: false, colours: 16, light: false },
  ],
  [
    { TERM: 'tmux-256color', NO_COLOR: '1', LC_ALL: 'en_GB.utf8' },
    { unicode: true, colours: 0, light: false },
  ],
  [
    { TERM: 'xterm', COLORTERM: 'truecolor', COLORFGBG: '0;15' },
    { unicode: false, colours: 256, light: true },
  ],
])('%j', (env, look) => {
  expect(lookOf(env, 'auto')).toEqual(look);
});

test('dumb terminals are not drawn on', () => {
  expect([{ TERM: 'dumb' }, {}, { TERM: 'screen' }].map(canDraw)).toEqual([false, false, true]);
});

test('without colours what matters is bold, and no colour is sent', () => {
  const plain = palette({ unicode: true, colours: 0, light: false });
  expect(plain.bad).toBe('1');
  expect(new Set(Object.values(plain))).toEqual(new Set(['', '1']));
});

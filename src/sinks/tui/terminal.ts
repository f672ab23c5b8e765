/** What the terminal can show, by its environment, and how roles look on it. Pure: the environment comes in. */
import type { Look, Role } from './frame.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Ways to say UTF-8 in a locale. */
const UTF8 = /utf-?8/i;
/** Terminals of sixteen colours; nearly all others know 256 by now. */
const SIXTEEN = /^(?:linux|xterm|rxvt|screen|vt\d+|ansi|cygwin|putty)$/;
/** Colours that a terminal names as its background in COLORFGBG, and that are light. */
const LIGHT = /;(?:7|1[0-5])$/;
const DARK_GROUND = /;(?:[0-6]|8)$/;

export function lookOf(env: Env, colour: 'always' | 'never' | 'auto'): Look {
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  return { unicode: UTF8.test(locale), colours: coloursOf(env, colour), background: backgroundOf(env) };
}

function backgroundOf({ COLORFGBG = '' }: Env): Look['background'] {
  if (LIGHT.test(COLORFGBG)) return 'light';
  return DARK_GROUND.test(COLORFGBG) ? 'dark' : 'unknown';
}

function coloursOf(env: Env, colour: 'always' | 'never' | 'auto'): Look['colours'] {
  const term = env['TERM'] ?? '';
  if (colour === 'never' || (colour === 'auto' && env['NO_COLOR'])) return 0;
  if (/-m(?:ono)?$/.test(term)) return 0;
  if (env['COLORTERM'] || /256color|kitty|alacritty|ghostty|direct/.test(term)) return 256;
  return SIXTEEN.test(term) ? 16 : 256;
}

/** A terminal that can move its cursor; all else gets text. */
export function canDraw(env: Env): boolean {
  const term = env['TERM'] ?? '';
  return term !== '' && term !== 'dumb';
}

/** The causes' colours are those that the chart's canvas knows; they follow the user's own palette. */
const SERIES_SGR = {
  series0: '31',
  series1: '33',
  series2: '36',
  series3: '35',
  series4: '34',
  series5: '32',
} as const;

const PLAIN: Readonly<Record<Role, string>> = {
  plain: '',
  quiet: '',
  title: '1',
  accent: '1',
  bad: '1',
  warn: '1',
  good: '',
  series0: '',
  series1: '',
  series2: '',
  series3: '',
  series4: '',
  series5: '',
};

const SIXTEEN_SGR: Readonly<Record<Role, string>> = {
  ...PLAIN,
  ...SERIES_SGR,
  quiet: '90',
  accent: '1;36',
  bad: '1;31',
  warn: '33',
  good: '32',
};

const DARK: Readonly<Record<Role, string>> = {
  ...SIXTEEN_SGR,
  quiet: '38;5;245',
  accent: '38;5;80',
  bad: '1;38;5;203',
  warn: '38;5;179',
  good: '38;5;114',
};

const BRIGHT: Readonly<Record<Role, string>> = {
  ...SIXTEEN_SGR,
  quiet: '38;5;242',
  accent: '38;5;25',
  bad: '1;38;5;160',
  warn: '38;5;130',
  good: '38;5;28',
};

/** Most terminals do not tell: all of these stand out at least 4 to 1 against black and against white (WCAG 2, 1.4.3). */
const EITHER: Readonly<Record<Role, string>> = {
  ...SIXTEEN_SGR,
  quiet: '38;5;243',
  accent: '38;5;31',
  bad: '1;38;5;161',
  warn: '38;5;130',
  good: '38;5;64',
};

const GROUNDS: Readonly<Record<Look['background'], Readonly<Record<Role, string>>>> = {
  dark: DARK,
  light: BRIGHT,
  unknown: EITHER,
};

/** The number of the grey of what is quiet; `undefined` where there are no colours. */
export function greyOf(look: Look): number | undefined {
  if (look.colours === 0) return undefined;
  return look.colours === 16 ? 8 : Number(palette(look).quiet.split(';').at(-1));
}

/** SGR parameters by role. */
export function palette({ colours, background }: Look): Readonly<Record<Role, string>> {
  if (colours === 0) return PLAIN;
  return colours === 16 ? SIXTEEN_SGR : GROUNDS[background];
}

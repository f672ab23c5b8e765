/** Keys -> commands. What a key does depends on the screen, and on whether a filter is being typed. */
import type { Command, Ui } from './ui.ts';

/** What only the program around the UI can do. */
export type Request = 'quit' | 'save' | 'copy' | 'redraw' | 'suspend';

export interface Key {
  /** As blessed names it: `up`, `C-c`, `S-tab`, `enter`. */
  readonly name: string;
  /** The character that was typed, if any. */
  readonly text: string | undefined;
}

const MOVES: Readonly<Record<string, Command>> = {
  up: { do: 'move', by: -1 },
  k: { do: 'move', by: -1 },
  down: { do: 'move', by: 1 },
  j: { do: 'move', by: 1 },
  pageup: { do: 'page', by: -1 },
  'C-b': { do: 'page', by: -1 },
  pagedown: { do: 'page', by: 1 },
  'C-f': { do: 'page', by: 1 },
  home: { do: 'first' },
  g: { do: 'first' },
  end: { do: 'last' },
  'S-g': { do: 'last' },
  left: { do: 'sideways', by: -1 },
  right: { do: 'sideways', by: 1 },
  enter: { do: 'open' },
  escape: { do: 'back' },
  backspace: { do: 'back' },
  u: { do: 'show', screen: 'upstreams' },
  h: { do: 'show', screen: 'health' },
  '?': { do: 'show', screen: 'help' },
  '/': { do: 'filter' },
  space: { do: 'pause' },
  m: { do: 'hidden' },
  t: { do: 'clock' },
  tab: { do: 'focus' },
  'S-tab': { do: 'focus' },
  o: { do: 'sort' },
};

const REQUESTS: Readonly<Record<string, Request>> = {
  q: 'quit',
  'C-c': 'quit',
  s: 'save',
  y: 'copy',
  'C-l': 'redraw',
  'C-z': 'suspend',
};

export function commandOf(key: Key, ui: Ui): Command | Request | undefined {
  const { name } = key;
  if (ui.typing !== undefined && name !== 'C-c') return typingCommand(key);
  if (ui.screen === 'story') {
    if (name === 'x') return { do: 'octets' };
    if (name === 'n') return { do: 'step', by: 1 };
    if (name === 'p') return { do: 'step', by: -1 };
  }
  // On the hunt a filter is cleared before the causes are shown.
  if (name === 'c')
    return ui.screen === 'hunt' && ui.filter !== '' ? { do: 'clear' } : { do: 'show', screen: 'causes' };
  if (name === 'escape' && ui.screen === 'hunt' && ui.filter !== '') return { do: 'clear' };
  return MOVES[name] ?? REQUESTS[name];
}

function typingCommand({ name, text }: Key): Command | undefined {
  switch (name) {
    case 'enter':
      return { do: 'accept' };
    case 'escape':
      return { do: 'cancel' };
    case 'backspace':
      return { do: 'erase' };
    case 'C-w':
    case 'C-u':
      return { do: 'erase-word' };
    default:
      return text !== undefined && /^\P{C}+$/u.test(text) ? { do: 'type', text } : undefined;
  }
}

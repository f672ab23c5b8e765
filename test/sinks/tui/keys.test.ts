import { expect, test } from 'vitest';
import { commandOf } from '../../../src/sinks/tui/keys.ts';
import { initialUi } from '../../../src/sinks/tui/ui.ts';

const ui = initialUi(80, 24);
const key = (name: string, text?: string) => ({ name, text });

test('arrows and vi keys move alike', () => {
  expect(commandOf(key('j'), ui)).toEqual(commandOf(key('down'), ui));
  expect(commandOf(key('S-g'), ui)).toEqual({ do: 'last' });
});

test('c shows the causes, but clears a filter first', () => {
  expect(commandOf(key('c'), ui)).toEqual({ do: 'show', screen: 'causes' });
  expect(commandOf(key('c'), { ...ui, filter: 'x' })).toEqual({ do: 'clear' });
});

test('while a filter is typed keys are text, and controls are not', () => {
  const typing = { ...ui, typing: '' };
  expect(commandOf(key('q', 'q'), typing)).toEqual({ do: 'type', text: 'q' });
  expect(commandOf(key('C-a', '\x01'), typing)).toBeUndefined();
  expect(commandOf(key('enter', '\r'), typing)).toEqual({ do: 'accept' });
  expect(commandOf(key('C-c', '\x03'), typing)).toBe('quit');
});

test('n, p and x are for stories only', () => {
  expect(commandOf(key('x'), ui)).toBeUndefined();
  expect(commandOf(key('n'), { ...ui, screen: 'story' })).toEqual({ do: 'step', by: 1 });
});

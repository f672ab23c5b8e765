import { expect, test } from 'vitest';
import { FILTER_KEYS } from '../../../src/sinks/tui/filter.ts';
import { helpText } from '../../../src/sinks/tui/help.ts';
import { commandOf } from '../../../src/sinks/tui/keys.ts';
import { initialUi, type Screen } from '../../../src/sinks/tui/ui.ts';
import { goldenFrames } from './frames.ts';

goldenFrames('help');

const text = helpText(78)
  .map(({ spans }) => spans.map((one) => one.text).join(''))
  .join('\n');

test('nothing is cut, however narrow the screen', () => {
  expect(text).not.toContain('…');
  for (const key of FILTER_KEYS) expect(text).toContain(key);
});

test('every letter that it names does something on some screen', () => {
  const screens: readonly Screen[] = ['hunt', 'story', 'upstreams', 'causes', 'health', 'help'];
  const letters = [...text.matchAll(/^ ([a-z?/](?: [a-z])*) /gm)].flatMap(([, keys = '']) => keys.split(' '));
  expect(letters.length).toBeGreaterThan(10);
  for (const name of letters) {
    const does = screens.map((screen) => commandOf({ name, text: name }, { ...initialUi(80, 24), screen }));
    expect(
      does.some((one) => one !== undefined),
      name,
    ).toBe(true);
  }
});

import { expect, test } from 'vitest';
import { causeText } from '../../../src/sinks/tui/causes.ts';
import { goldenFrames, textOf } from './frames.ts';
import { after, emptyScene, eveningScene } from './scenes.ts';

goldenFrames('causes');

const SHOW = { do: 'show', screen: 'causes' } as const;

test('what the closed list knows of the selected cause scrolls beside the list', async () => {
  const scene = after(await eveningScene(80, 24), SHOW, { do: 'move', by: 3 });
  expect(textOf(scene)).toMatch(/┌ connect-refused /);
  const whole = causeText(scene, 42).length;
  expect(textOf(after(scene, { do: 'page', by: 100 }))).toContain(`${whole - 19}-${whole} of ${whole}`);
});

test('before there is one it says so', () => {
  expect(textOf(after(emptyScene(80, 24), SHOW))).toMatch(/none yet[\s\S]*A cause is explained here once there is/);
});

import { expect, test } from 'vitest';
import { goldenFrames, textOf } from './frames.ts';
import { after, emptyScene } from './scenes.ts';

goldenFrames('health');

const SHOW = { do: 'show', screen: 'health' } as const;

test('what cannot be seen and what was lost is said, not only what is well', () => {
  const scene = emptyScene(100, 40, {
    mode: 'live',
    begun: true,
    silence: 5e9,
    messages: ['a probe is missing'],
    captureCpu: 0.031,
    tables: [{ what: 'connections', held: 12, limit: 32_768 }],
    counters: { 'wire.frames': 9, 'connections.evicted': 7, 'kernel.leftOut': 5, 'kernel.leftOutBusyHost': 5 },
  });
  scene.book.loss({ at: 0, count: 1200, where: 'lo' });
  const text = textOf(after(scene, SHOW));
  for (const said of [
    'silent for 5.00 s',
    'no kernel events: unix sockets and the ends of processes are not seen',
    '1,200: verdicts of that time are less sure',
    '5 good requests left out: the host had no processor time to spare',
    'a probe is missing',
    '3.1 % in the capture program',
    '12 connections of 32,768',
    '7: see below',
  ]) {
    expect(text).toContain(said);
  }
});

import { expect, test } from 'vitest';
import { CAUSE_WORDS, subcauseWords } from '../../../src/sinks/tui/cause-words.ts';

test('every cause has words of its own that fit a narrow list', () => {
  const all = Object.values(CAUSE_WORDS).map(({ words }) => words);
  expect(new Set(all).size).toBe(all.length);
  for (const words of all) expect(words.length).toBeLessThanOrEqual(22);
});

test('subcauses in words; numbers are codes', () => {
  expect(['worker-killed', '0', '-111', 'h2<-tls'].map(subcauseWords)).toEqual([
    'worker killed',
    'code 0',
    'code -111',
    'h2<-tls',
  ]);
});

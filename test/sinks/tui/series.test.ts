import { expect, test } from 'vitest';
import { SERIES } from '../../../src/sinks/tui/frame.ts';
import { hasDots, seriesLetter, seriesRole, seriesSign } from '../../../src/sinks/tui/series.ts';
import { ASCII, UNICODE } from './scenes.ts';

test('each cause has a colour and a letter; those beyond share one of each', () => {
  const all = Array.from({ length: SERIES }, (_, at) => at);
  expect(new Set(all.map(seriesRole)).size).toBe(SERIES);
  expect(new Set(all.map(seriesLetter)).size).toBe(SERIES);
  expect([SERIES, undefined].map(seriesRole)).toEqual(['quiet', 'quiet']);
  expect([SERIES, undefined].map(seriesLetter)).toEqual(['+', '+']);
});

test('the key to the chart is a colour, or a letter where there is none', () => {
  expect([seriesSign(2, UNICODE), seriesSign(2, ASCII)]).toEqual(['■', 'c']);
  expect([hasDots(UNICODE), hasDots({ ...UNICODE, colours: 0 }), hasDots({ ...UNICODE, unicode: false })]).toEqual([
    true,
    false,
    false,
  ]);
});

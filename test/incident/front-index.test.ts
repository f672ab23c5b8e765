import { expect, test } from 'vitest';
import type { Front } from '../../src/incident/front.ts';
import { FrontIndex } from '../../src/incident/front-index.ts';
import { front } from './facets.ts';

const hostOf = ({ exchange }: Front): string | undefined => exchange.request?.host;
const at = (host: string): Front => front({ request: { host } });

test('what was open before the first question is found too', () => {
  const index = new FrontIndex(hostOf);
  const one = at('a');
  index.add(one, 1);
  expect(index.of('a', [one])).toBe(one);
  expect(index.of('b', [one])).toBeUndefined();
});

test('fronts of one key come in order of their filing, and go one by one', () => {
  const index = new FrontIndex(hostOf);
  const [one, two] = [at('a'), at('a')];
  expect(index.of('a', [])).toBeUndefined();
  index.add(one, 1);
  index.add(two, 2);
  expect(index.of('a', [])).toEqual(new Set([one, two]));
  index.remove(one);
  expect(index.of('a', [])).toEqual(new Set([two]));
  index.remove(two);
  expect(index.of('a', [])).toBeUndefined();
});

test('an index that nobody asks is given up, and made anew by the next question', () => {
  const keys: string[] = [];
  const index = new FrontIndex((each) => {
    keys.push(hostOf(each) ?? '');
    return hostOf(each);
  });
  const open = at('a');
  index.of('a', []);
  for (let i = 0; i < 10_000; i++) index.add(open, 1);
  expect(keys.length).toBeLessThan(5000);
  expect(index.of('a', [open])).toBe(open);
});

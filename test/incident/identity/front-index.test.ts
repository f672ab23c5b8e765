import { expect, test } from 'vitest';
import type { Front } from '../../../src/incident/front.ts';
import { FrontIndex } from '../../../src/incident/identity/front-index.ts';
import { List } from '../../../src/incident/list.ts';
import { front } from '../facets.ts';

const hostOf = ({ exchange }: Front): string | undefined => exchange.request?.host;
const open = (...fronts: readonly Front[]): List<Front> => {
  const list = new List<Front>();
  for (const each of fronts) list.add(each);
  return list;
};
const found = (index: FrontIndex, host: string, ...all: readonly Front[]): readonly Front[] =>
  index.of(host, open(...all))?.filter(() => true) ?? [];
const at = (host: string): Front => front({ request: { host } });

test('what was open before the first question is found too', () => {
  const index = new FrontIndex(0, hostOf);
  const one = at('a');
  index.add(one, 1);
  expect(found(index, 'a', one)).toEqual([one]);
  expect(found(index, 'b', one)).toEqual([]);
});

test('fronts of one key come in order of their filing, and go one by one', () => {
  const index = new FrontIndex(0, hostOf);
  const [one, two] = [at('a'), at('a')];
  expect(found(index, 'a')).toEqual([]);
  index.add(one, 1);
  index.add(two, 2);
  expect(found(index, 'a')).toEqual([one, two]);
  index.remove(one);
  expect(found(index, 'a')).toEqual([two]);
  index.remove(two);
  expect(found(index, 'a')).toEqual([]);
});

test('an index that nobody asks is given up, and made anew by the next question', () => {
  const keys: string[] = [];
  const index = new FrontIndex(0, (each) => {
    keys.push(hostOf(each) ?? '');
    return hostOf(each);
  });
  const one = at('a');
  found(index, 'a');
  for (let i = 0; i < 10_000; i++) index.add(one, 1);
  expect(keys.length).toBeLessThan(5000);
  expect(found(index, 'a', one)).toEqual([one]);
});

test('keys that nobody has any more go, but for a few', () => {
  const index = new FrontIndex(0, hostOf);
  found(index, 'a');
  const last = at('last');
  for (let i = 0; i < 2000; i++) {
    const one = at(`${i}`);
    index.add(one, 1);
    if (i % 2 === 0) index.remove(one);
    found(index, 'a');
  }
  index.add(last, 1);
  expect(found(index, 'last')).toEqual([last]);
  expect(found(index, '0')).toEqual([]);
  expect(found(index, '1')).toHaveLength(1);
});

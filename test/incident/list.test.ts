import { expect, test } from 'vitest';
import type { Front } from '../../src/incident/front.ts';
import { List } from '../../src/incident/list.ts';
import { front } from './facets.ts';

test('whoever goes, the others keep their order', () => {
  for (const gone of [0, 1, 2]) {
    const list = new List<Front>();
    const fronts = [front(), front(), front()];
    const places = fronts.map((each) => list.add(each));
    for (const [at, place] of places.entries()) if (at === gone) list.remove(place);
    const left = fronts.filter((_, at) => at !== gone);
    expect(list.filter(() => true)).toEqual(left);
    expect(list.first).toBe(left[0]);
    expect(list.size).toBe(2);
  }
});

test('one that was emptied is as good as new', () => {
  const list = new List<Front>();
  list.remove(list.add(front()));
  expect(list.size).toBe(0);
  expect(list.first).toBeUndefined();
  const one = front();
  list.add(one);
  expect(list.filter((each) => each === one)).toEqual([one]);
});

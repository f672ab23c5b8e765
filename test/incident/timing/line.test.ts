import { expect, test } from 'vitest';
import { type Act, KIND } from '../../../src/incident/timing/acts.ts';
import { Line } from '../../../src/incident/timing/line.ts';

/** One that waited since `ready` and was done at `acted`. */
function act(ready: number, acted: number): Act {
  return { kind: KIND.next, ready, acted, connection: acted, nth: 1, listener: '10.0.0.1:80' };
}

function rivalsOf(line: Line, of: Act, compared: number): readonly Act[] {
  // As many as an earlier act may have left behind.
  const rivals = Array.from({ length: 2 * compared }, () => of);
  return rivals.slice(0, line.rivalsOf(of, compared, rivals));
}

const doneAt = (acts: readonly Act[]): number[] => acts.map(({ acted }) => acted);

/** A thousand acts, one every ten frames, each of which waited for twenty; put in anything but in order. */
function thousand() {
  const acts = Array.from({ length: 1000 }, (_, n) => act(10 * n - 20, 10 * n));
  const line = new Line();
  for (let n = 0; n < acts.length; n++) line.add(acts[(n * 337) % acts.length] as Act);
  return { acts, line };
}

test('rivals are those that waited at the same time: first those done before, the last first, then those done after', () => {
  const { line } = thousand();
  for (const at of [40, 5000, 9900])
    expect(doneAt(rivalsOf(line, act(at - 35, at + 5), 64))).toEqual([at, at - 10, at - 20, at - 30, at + 10, at + 20]);
});

test('so many are looked at in each direction, across as many blocks as it takes', () => {
  const { line } = thousand();
  const before = doneAt(rivalsOf(line, act(-1, 9995), 300));
  expect(before).toEqual(Array.from({ length: 300 }, (_, n) => 9990 - 10 * n));
  line.add(act(3, 4000));
  expect(doneAt(rivalsOf(line, act(5, 5), 400))).not.toContain(4000);
  expect(doneAt(rivalsOf(line, act(5, 5), 401))).toContain(4000);
});

test('an act that went is nobody’s rival any more, and all others still are', () => {
  const { acts, line } = thousand();
  for (const each of acts) if (each.acted % 100 !== 0) line.remove(each);
  expect(doneAt(rivalsOf(line, act(4850, 5150), 64))).toEqual([5100, 5000, 4900]);
  for (const each of acts) if (each.acted % 100 === 0) line.remove(each);
  expect(rivalsOf(line, act(-100, 5150), 64)).toEqual([]);
});

test('of acts done in one frame each goes by itself, also where they are more than a block holds', () => {
  const line = new Line();
  const same = Array.from({ length: 400 }, (_, n) => act(n, 1000));
  for (const each of same) line.add(each);
  for (const each of same.slice(1)) line.remove(each);
  expect(rivalsOf(line, act(500, 1001), 64)).toEqual(same.slice(0, 1));
});

test('to take away one that is not there changes nothing', () => {
  const { line } = thousand();
  line.remove(act(1, 5000));
  expect(doneAt(rivalsOf(line, act(4985, 5005), 64))).toEqual([5000, 4990, 5010, 5020]);
});

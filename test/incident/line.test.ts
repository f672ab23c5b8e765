import { expect, test } from 'vitest';
import { type Act, KIND } from '../../src/incident/acts.ts';
import { Line } from '../../src/incident/line.ts';

const act = (acted: number, nth = 1): Act => ({
  kind: KIND.next,
  ready: acted - 5,
  acted,
  connection: 1,
  nth,
  listener: '127.0.0.1:80',
});

function walk(line: Line, frame: number): { back: number[]; on: number[] } {
  const back: number[] = [];
  const on: number[] = [];
  line.seek(frame);
  for (let each = line.previous(); each; each = line.previous()) back.push(each.acted);
  line.seek(frame);
  for (let each = line.next(); each; each = line.next()) on.push(each.acted);
  return { back, on };
}

test('later acts stand among the others, in the order in which they were done', () => {
  const line = new Line();
  for (const acted of [10, 20, 30, 40]) line.push(act(acted));
  for (const acted of [35, 5, 25, 45]) line.add(act(acted));
  expect(walk(line, 27)).toEqual({ back: [25, 20, 10, 5], on: [30, 35, 40, 45] });
  expect(walk(line, 0)).toEqual({ back: [], on: [5, 10, 20, 25, 30, 35, 40, 45] });
  expect(walk(line, 99).back).toHaveLength(8);
});

test('of the same frame, what came later comes last', () => {
  const line = new Line();
  const [early, late] = [act(20, 1), act(20, 2)];
  line.push(early);
  line.add(late);
  line.seek(10);
  expect([line.next(), line.next(), line.next()]).toEqual([early, late, undefined]);
  line.seek(20);
  expect([line.previous(), line.previous(), line.previous()]).toEqual([late, early, undefined]);
});

test('any act goes, whenever it came', () => {
  const line = new Line();
  const [early, late] = [act(20), act(30)];
  line.push(act(10));
  line.push(early);
  line.add(late);
  line.remove(early);
  expect(walk(line, 0).on).toEqual([10, 30]);
  line.remove(late);
  line.remove(act(10));
  expect(walk(line, 0).on).toEqual([10]);
});

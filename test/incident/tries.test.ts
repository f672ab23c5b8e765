import { expect, test } from 'vitest';
import { attach } from '../../src/incident/front.ts';
import { Habits } from '../../src/incident/timing/habits.ts';
import { triesOf } from '../../src/incident/tries.ts';
import { moment } from '../kit/incidents.ts';
import { attemptEnded } from '../kit/kernel-events.ts';
import { front, use } from './facets.ts';

test('a try with packets failed as its connection did; one without is known where the kernel told of it', () => {
  const one = front({ answeredMs: 5 }, new Habits());
  const tried = { ...use({ server: 'rst' }), fixed: true };
  attach(one, tried);
  const socket = { ends: { local: '', remote: 'unix:/run/php.sock' } };
  const endings = [
    attemptEnded(2, socket),
    attemptEnded(3, { ...socket, errno: 0 }),
    attemptEnded(4, { ends: undefined }),
  ];
  const links = [
    { ending: attemptEnded(1), use: tried, logged: undefined },
    ...endings.map((ending) => ({ ending, use: undefined, logged: undefined })),
  ];
  one.chain = { links, whole: true, direct: false, logged: undefined };
  expect(triesOf(one)).toMatchObject([
    { peer: tried.peer.text, open: false, sure: true },
    { peer: 'unix:/run/php.sock', failed: moment(2), sure: true },
    { peer: 'unix:/run/php.sock', failed: undefined },
  ]);
  expect(triesOf(one)[0]?.failed).toBeDefined();
});

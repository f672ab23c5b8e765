import { expect, test } from 'vitest';
import { endpoint } from '../../src/model/endpoint.ts';
import type { AttemptWitness } from '../../src/model/kernel-event.ts';
import { judge } from '../../src/verdict/judge.ts';
import { attempt, incident } from '../kit/incidents.ts';
import { attemptEnded, dropped, listening, notAccepting, witness } from '../kit/kernel-events.ts';

const PEER = endpoint('unix:/run/php.sock', 0);
const ENDING = attemptEnded(0.5, { errno: 11, neverOpen: true, ends: { local: '', remote: PEER.text } });

function finding(facts: Partial<AttemptWitness>) {
  const tried = attempt({ peer: PEER, link: 'kernel', witness: witness({ ending: ENDING, ...facts }) });
  return judge(incident({ attempts: [{ ...tried, exchange: undefined }] })).finding;
}

test('a full queue is told with its numbers, and with what cut it', () => {
  const found = finding({
    listener: listening(0.5, {
      address: PEER.text,
      queue: 512,
      backlog: 511,
      somaxconn: 511,
      unit: 'php8.2-fpm.service',
    }),
  });
  expect(found.cause).toBe('unix-backlog-full');
  expect(found.sentence).toMatch(
    /The listen queue of php-fpm8[.]2 4211 [(]php8[.]2-fpm[.]service[)] was full: queue 512 of 511; net[.]core[.]somaxconn allows no more than 511[.]$/,
  );
  expect(found.evidence.at(-1)).toMatchObject({ source: 'kernel' });
  expect(found.advice[0]).toContain('more of them');
});

test('whoever could not accept for want of a descriptor is why the queue is full', () => {
  const found = finding({ listener: listening(0.5, { queue: 512 }), notAccepting: notAccepting(0.4) });
  expect(found).toMatchObject({ cause: 'unix-backlog-full', subcause: 'descriptors-exhausted' });
  expect(found.sentence).toMatch(/ had no file descriptor left [(]its own limit[)], and accepted no connection[.]$/);
  expect(found.advice[0]).toContain('/fd');
});

test('a queue with room is evidence only, whoever holds it', () => {
  const found = finding({ listener: listening(0, { process: undefined, queue: 3 }) });
  expect(found.sentence).not.toContain('queue');
  expect(found.evidence.at(-1)?.text).toBe('somebody listens on 10.0.0.7:9000: queue 3 of 511');
});

test('a segment that this host threw away is told with the reason, in words where they are known', () => {
  expect(finding({ drop: dropped(0.4) }).sentence).toMatch(
    /This host threw a segment of it away: a rule of its packet filter[.]$/,
  );
  const other = finding({ drop: dropped(0.4, { reason: 'XFRM_POLICY' }) });
  expect(other.sentence).not.toContain('threw');
  expect(other.evidence.at(-1)?.text).toBe('this host dropped a segment 10.0.0.1:40001 -> 10.0.0.7:9000: XFRM_POLICY');
});

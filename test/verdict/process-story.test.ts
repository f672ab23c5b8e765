import { describe, expect, test } from 'vitest';
import type { AttemptWitness } from '../../src/model/kernel-event.ts';
import { judge } from '../../src/verdict/judge.ts';
import { type Subject, storyOf } from '../../src/verdict/process-story.ts';
import { attempt, incident, moment } from '../kit/incidents.ts';
import {
  dropped,
  exited,
  MASTER,
  notAccepting,
  oomVictim,
  peerClosed,
  resetSent,
  signalled,
  WORKER,
  witness,
} from '../kit/kernel-events.ts';

const KILLED = { death: { signal: 9, code: 0 } };
const DYING = { closer: resetSent(10, KILLED), exit: exited(9.2) };

function story(over: Partial<AttemptWitness>, subject: Partial<Subject> = {}) {
  const plain = { peer: '10.0.0.7:9000', fastcgi: true, reset: true, end: moment(10), waited: 2.3e9 };
  return storyOf({ ...plain, ...subject, witness: witness(over) });
}

describe('a process that died', () => {
  test.each([
    ['of want of memory', { ...DYING, oom: oomVictim(9) }, 'worker-killed', 'killed by the OOM killer, 0.8 ms before'],
    ['by somebody’s signal', { ...DYING, signals: [signalled(9)] }, 'worker-killed', 'killed with SIGKILL by bash 900'],
    [
      'of a fault',
      { closer: resetSent(10, { death: { signal: 11, code: 0 } }) },
      'worker-killed',
      'crashed with SIGSEGV',
    ],
    [
      'by itself, with a signal',
      { ...DYING, signals: [signalled(9, { sender: WORKER, signal: 6 })] },
      'worker-killed',
      'killed itself with SIGKILL, 0.8 ms before',
    ],
    [
      'by its master, which goes on',
      { ...DYING, signals: [signalled(9, { sender: MASTER, byParent: true, signal: 15 })] },
      'worker-timeout-kill',
      'by its own master php-fpm8.2 4200 with SIGTERM, 2.3 s after the request',
    ],
    [
      'by its master, which was told to stop',
      {
        ...DYING,
        signals: [signalled(9, { sender: MASTER, byParent: true, signal: 15 })],
        orders: [signalled(8, { target: MASTER, signal: 12 })],
      },
      'service-stopping',
      'the service was stopping or reloading',
    ],
    [
      'by init',
      { ...DYING, signals: [signalled(9, { sender: { id: 1, name: 'systemd' }, signal: 15 })] },
      'service-stopping',
      'stopped with SIGTERM by systemd 1',
    ],
    [
      'by itself',
      { closer: resetSent(10, { death: { signal: 0, code: 3 } }) },
      'closed-unread',
      'exited by itself with code 3',
    ],
  ] as const)('%s', (_how, over, subcause, sentence) => {
    const told = story(over);
    expect(told?.subcause).toBe(subcause);
    expect(told?.sentence).toContain(sentence);
    expect(told?.evidence.every(({ source }) => source === 'kernel')).toBe(true);
  });

  test('a time limit is named where the time looks like one', () => {
    const signals = [signalled(9, { sender: MASTER, byParent: true })];
    expect(story({ ...DYING, signals })?.advice[0]).toContain('limit of 2 s');
    expect(story({ ...DYING, signals }, { waited: 0.7e9 })?.advice[0]).toContain('log of php-fpm8.2');
  });
});

test('a process that was told to end, and closes before it goes, did so for that', () => {
  const byMaster = signalled(9, { sender: MASTER, byParent: true, signal: 6 });
  expect(story({ closer: peerClosed(10), signals: [byMaster] })?.subcause).toBe('worker-timeout-kill');
  const orders = [signalled(8, { target: MASTER, signal: 15 })];
  expect(story({ closer: peerClosed(10), signals: [byMaster], orders })?.subcause).toBe('service-stopping');
  for (const signals of [
    [signalled(11, { sender: MASTER, byParent: true })],
    [signalled(9, { sender: MASTER, byParent: true, signal: 1 })],
    [signalled(9)],
  ]) {
    expect(story({ closer: peerClosed(10), signals })?.subcause).toBe('app-closed');
  }
});

describe('a process that lives on', () => {
  test.each([
    ['closed with octets unread', resetSent(10), 'closed-unread'],
    ['asked for a reset', resetSent(10, { reason: 'TCP_STATE' }), 'linger-abort'],
    ['closed', peerClosed(10), 'app-closed'],
    ['never accepted', resetSent(10, { accepted: false }), 'queued-at-stop'],
  ] as const)('%s', (_how, closer, subcause) => {
    expect(story({ closer })?.subcause).toBe(subcause);
  });
});

test('a process without a file descriptor left closes what it accepts, whatever it was asked', () => {
  const told = story({ closer: resetSent(10), notAccepting: notAccepting(9.5) });
  expect(told).toMatchObject({ subcause: 'descriptors-exhausted' });
  expect(told?.sentence).toContain('had no file descriptor left (its own limit)');
  expect(told?.evidence[0]?.text).toContain('Too many open files (errno 24)');
  expect(told?.advice.join()).toContain('LimitNOFILE');
  const host = story({ closer: peerClosed(10), notAccepting: notAccepting(9.5, { errno: 23 }) });
  expect(host?.sentence).toContain("the host's limit");
  expect(host?.advice.join()).toContain('fs.file-max');
});

test('a reset that no socket of this host sent comes from its packet filter, which is named where it was seen to act', () => {
  expect(story({ foreignReset: true })).toMatchObject({ subcause: 'middlebox', evidence: [] });
  expect(story({ foreignReset: true })?.sentence).toContain('something between the two ends');
  const filtered = story({ foreignReset: true, drop: dropped(0.4) });
  expect(filtered?.sentence).toContain('the packet filter of this host did');
  expect(filtered?.evidence).toMatchObject([{ source: 'kernel' }]);
});

test('a reset by nobody is not said to be the peer’s, and no other protocol is suspected', () => {
  const tried = attempt({ server: 'rst', link: 'kernel', witness: witness({ foreignReset: true }) });
  const { finding } = judge(incident({ attempts: [tried] }));
  expect(finding.sentence).toMatch(/^The connection to 10[.]0[.]0[.]7:9000 was reset /);
  expect(finding.alternatives.map(({ cause }) => cause)).not.toContain('protocol-mismatch');
});

test('who is known to have closed needs other advice than who is not', () => {
  const advice = (over: Partial<AttemptWitness>) =>
    judge(incident({ attempts: [attempt({ server: 'rst', link: 'kernel', witness: witness(over) })] })).finding.advice;
  expect(advice({}).join()).toContain('OOM killer');
  expect(advice({ closer: resetSent(10) }).join()).not.toContain('OOM killer');
  const crashed = { closer: resetSent(10, { death: { signal: 11, code: 0 } }) };
  expect(advice(crashed)).toEqual([expect.stringContaining('coredumpctl')]);
});

test('nothing is told of a process that nobody saw, nor of one that nobody in particular is', () => {
  expect(story({})).toBeUndefined();
  expect(
    storyOf({ witness: undefined, peer: '', fastcgi: false, reset: false, end: undefined, waited: undefined }),
  ).toBeUndefined();
  expect(story({ closer: resetSent(10, { process: undefined, reason: 'NO_SOCKET' }) })).toBeUndefined();
});

test('the verdict says who died, with certainty, and that the process is not unseen', () => {
  const seen = witness({ ...DYING, signals: [signalled(9)] });
  const tried = attempt({ server: 'rst', afterRequestMs: 9.7, link: 'kernel', witness: seen });
  const { finding } = judge(incident({ attempts: [tried] }));
  expect(finding).toMatchObject({ cause: 'reset-before-response', subcause: 'worker-killed', confidence: 'certain' });
  expect(finding.sentence).toContain(`${WORKER.name} ${WORKER.id} was killed with SIGKILL by bash 900`);
  expect(finding.unseen).toEqual([]);
});

test('a kernel that does not tell who closes a connection is not one that saw nobody do it', () => {
  const unseen = (over: Parameters<typeof witness>[0]) =>
    judge(incident({ attempts: [attempt({ server: 'rst', afterRequestMs: 9.7, witness: witness(over) })] })).finding
      .unseen;
  expect(unseen({ tellsClosers: false })).toContain(
    "the peer's process: this kernel does not tell who closes a connection",
  );
  expect(unseen({}).join()).toContain('it is not on this host');
});

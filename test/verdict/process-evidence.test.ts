import { describe, expect, test } from 'vitest';
import type { AttemptWitness } from '../../src/model/kernel-event.ts';
import { closerEvidence, dropText, evidenceOf } from '../../src/verdict/process-evidence.ts';
import {
  dropped,
  exited,
  MASTER,
  notAccepting,
  oomVictim,
  peerClosed,
  resetSent,
  signalled,
  witness,
} from '../kit/kernel-events.ts';

const texts = (over: Partial<AttemptWitness>): string[] => evidenceOf(witness(over)).map(({ text }) => text);

test('all that the kernel told is cited, one thing after what led to it', () => {
  const killed = { signal: 9, code: 0 };
  expect(
    texts({
      closer: resetSent(10, { death: killed, unread: 82 }),
      exit: exited(9.2, { death: killed }),
      orders: [signalled(8, { target: MASTER, signal: 15 })],
      signals: [signalled(9, { sender: MASTER })],
      oom: oomVictim(8.5),
    }),
  ).toEqual([
    'bash 900 sent SIGTERM to php-fpm8.2 4200',
    'the OOM killer chose php-fpm8.2 4211',
    'php-fpm8.2 4200 sent SIGKILL to php-fpm8.2 4211',
    'php-fpm8.2 4211 was ended by SIGKILL',
    'php-fpm8.2 4211 reset the connection (TCP_ABORT_ON_CLOSE), 82 octets unread, dying',
  ]);
});

test('a process that signals itself is cited once', () => {
  const own = signalled(9, { sender: MASTER, target: MASTER });
  expect(texts({ orders: [own], signals: [own] })).toEqual(['php-fpm8.2 4200 sent SIGKILL to php-fpm8.2 4200']);
});

describe('who ended the connection', () => {
  test.each([
    [peerClosed(10), 'php-fpm8.2 4211 closed the connection'],
    [resetSent(10, { process: undefined, reason: '' }), "the peer's host reset the connection"],
    [
      resetSent(10, { accepted: false }),
      'php-fpm8.2 4211 reset the connection (TCP_ABORT_ON_CLOSE); it was never accepted',
    ],
  ])('%#', (closer, text) => {
    expect(closerEvidence(witness({ closer })).map((each) => [each.source, each.text])).toEqual([['kernel', text]]);
  });

  test('is not known without the kernel', () => {
    expect([closerEvidence(undefined), closerEvidence(witness({}))]).toEqual([[], []]);
  });
});

test('who had no descriptor left, and what the host dropped', () => {
  expect(texts({ notAccepting: notAccepting(5) })[0]).toMatch(/^php-fpm8\.2 4211 could not accept a connection: .+/);
  expect(dropText(dropped(5))).toMatch(/^this host dropped a segment \S+ -> \S+: \S+/);
});

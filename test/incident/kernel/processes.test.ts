import { describe, expect, test } from 'vitest';
import { Processes } from '../../../src/incident/kernel/processes.ts';
import { endpoint } from '../../../src/model/endpoint.ts';
import { exchange, moment } from '../../kit/incidents.ts';
import {
  attemptEnded,
  exited,
  listening,
  MASTER,
  notAccepting,
  oomVictim,
  peerClosed,
  resetSent,
  signalled,
  WORKER,
} from '../../kit/kernel-events.ts';

const TRIED = exchange({ server: 'rst' });

function processes(): Processes {
  const made = new Processes();
  made.began({ kind: 'witness', moment: moment(0), probes: ['attempts', 'resets'], everyReset: true });
  return made;
}

test('where the kernel was not asked, there is no witness', () => {
  expect(new Processes().witnessOf(TRIED, undefined)).toBeUndefined();
});

test('who reset the connection, what it died of, who sent that, and what the sender had been told', () => {
  const made = processes();
  made.concerns(signalled(0.2, { target: MASTER, signal: 15 }));
  made.concerns(signalled(0.4, { sender: MASTER, byParent: true }));
  made.oomVictim(oomVictim(0.4));
  made.concerns(exited(0.5));
  made.closed(resetSent(0.6, { death: { signal: 9, code: 0 } }));
  expect(made.witnessOf(TRIED, undefined)).toMatchObject({
    closer: { kind: 'reset-sent', process: WORKER },
    exit: { death: { signal: 9 } },
    signals: [{ signal: 9, sender: MASTER }],
    orders: [{ signal: 15 }],
    oom: { victim: WORKER },
    foreignReset: false,
  });
});

test('what was sent after the end did not make it', () => {
  const made = processes();
  made.concerns(signalled(0.4, { sender: MASTER, byParent: true }));
  made.concerns(signalled(200, { target: MASTER, signal: 12 }));
  made.concerns(signalled(200));
  made.closed(resetSent(0.6));
  expect(made.witnessOf(TRIED, undefined)).toMatchObject({ signals: [{ signal: 9, sender: MASTER }], orders: [] });
});

test('a process before nobody in particular: what is under way is answered with a reset by nobody', () => {
  const made = processes();
  made.closed(resetSent(0.5, { process: undefined, reason: 'NO_SOCKET' }));
  made.closed(peerClosed(0.6));
  expect(made.witnessOf(TRIED, undefined)?.closer).toMatchObject({ kind: 'peer-closed' });
});

test('what was done to an earlier connection with the same ends does not count', () => {
  const made = processes();
  made.closed(resetSent(-5));
  expect(made.witnessOf(TRIED, undefined)?.closer).toBeUndefined();
});

test('whoever closed, or listens there, had no file descriptor left: it, or one that it started, and not long ago', () => {
  const starved = (closer: boolean, at: number, over: Parameters<typeof notAccepting>[1] = {}) => {
    const made = processes();
    made.notAccepting(notAccepting(at, over));
    if (closer) made.closed(resetSent(0.6));
    return made.witnessOf(TRIED, undefined)?.notAccepting;
  };
  expect(starved(true, 0.5)).toMatchObject({ process: WORKER, errno: 24 });
  expect(starved(true, -5000)).toBeUndefined();
  expect(starved(true, 0.5, { process: { id: 77, name: 'other' }, parent: 76 })).toBeUndefined();
  expect(starved(false, 0.5)).toBeUndefined();
  const here = exchange({ server: 'refuses', connection: { passive: endpoint('127.0.0.1', 9000) } });
  const full = processes();
  full.sockets.witnessed(listening(0, { address: here.server.text, process: MASTER }));
  full.notAccepting(notAccepting(0.5));
  expect(full.witnessOf(here, undefined)?.notAccepting).toMatchObject({ parent: MASTER.id });
});

describe('a reset that TCP of this host did not send', () => {
  const here = endpoint('127.0.0.1', 9000);
  const refused = exchange({ server: 'refuses', connection: { passive: here }, exchange: { server: here } });

  test('is foreign where the peer is on this host', () => {
    expect(processes().witnessOf(refused, undefined)?.foreignReset).toBe(true);
  });

  test('is nothing where the peer is elsewhere, or resets are not witnessed', () => {
    expect(processes().witnessOf(exchange({ server: 'refuses' }), undefined)?.foreignReset).toBe(false);
    const blind = new Processes();
    blind.began({ kind: 'witness', moment: moment(0), probes: ['exits'], everyReset: true });
    expect(blind.witnessOf(refused, undefined)).toMatchObject({ foreignReset: false, tellsClosers: false });
  });

  test('is nothing where the kernel does not tell of every reset', () => {
    const older = new Processes();
    older.began({ kind: 'witness', moment: moment(0), probes: ['attempts', 'resets'], everyReset: false });
    expect(older.witnessOf(refused, undefined)).toMatchObject({ foreignReset: false, tellsClosers: true });
  });
});

describe('of a unix socket whoever read from it is at the other end', () => {
  const ends = { local: '', remote: 'unix:/run/php.sock' };

  test('and closed it in dying', () => {
    const made = processes();
    made.concerns(exited(0.5));
    const ending = attemptEnded(0.6, { ends, server: WORKER });
    expect(made.witnessOf(undefined, ending)?.closer).toMatchObject({ process: WORKER, death: { signal: 9 } });
  });

  test('with octets unread that is a reset', () => {
    const ending = attemptEnded(0.6, { ends, server: WORKER });
    expect(processes().witnessOf(undefined, ending)?.closer).toMatchObject({ kind: 'reset-sent', unread: undefined });
  });

  test('or lives on', () => {
    const ending = attemptEnded(0.6, { ends, server: WORKER, errno: 0, byPeer: true });
    expect(processes().witnessOf(undefined, ending)?.closer).toMatchObject({ process: WORKER, death: undefined });
  });
});

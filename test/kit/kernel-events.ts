/** Builders of what the kernel witnessed, with defaults: an nginx worker, its client, and a worker of PHP-FPM at the peer. */
import type {
  Answered,
  AttemptEnded,
  AttemptWitness,
  Dropped,
  Exited,
  Listening,
  Logged,
  NotAccepting,
  OomVictim,
  PeerClosed,
  ResetSent,
  Signalled,
} from '../../src/model/kernel-event.ts';
import { CLIENT, GATEWAY, moment, PEER } from './incidents.ts';

export const NGINX = { id: 3312, name: 'nginx' };
export const WORKER = { id: 4211, name: 'php-fpm8.2' };
export const MASTER = { id: 4200, name: 'php-fpm8.2' };
export const SHELL = { id: 900, name: 'bash' };

/** The gateway's end of the attempt's connection, as `connection()` has it. */
const OURS = '10.0.0.1:40001';

export function attemptEnded(ms: number, over: Partial<AttemptEnded> = {}): AttemptEnded {
  return {
    kind: 'attempt-ended',
    moment: moment(ms),
    process: NGINX,
    socket: 7,
    after: 0,
    ends: { local: OURS, remote: PEER.text },
    errno: 104,
    neverOpen: false,
    byPeer: false,
    first: true,
    sent: 912,
    received: 0,
    reused: false,
    server: undefined,
    talk: undefined,
    ...over,
  };
}

export function answered(ms: number, over: Partial<Answered> = {}): Answered {
  const ends = { local: GATEWAY.text, remote: CLIENT.text };
  const plain = { kind: 'answered', moment: moment(ms), process: NGINX, ends, socket: 6 } as const;
  return { ...plain, after: 7, direct: false, status: 502, talk: undefined, nth: 0, frames: false, ...over };
}

/** Of the attempt that `attemptEnded` tells of. */
export function logged(ms: number, line: string, over: Partial<Logged> = {}): Logged {
  return { kind: 'logged', moment: moment(ms), process: NGINX, socket: 7, line, ...over };
}

export function resetSent(ms: number, over: Partial<ResetSent> = {}): ResetSent {
  return {
    kind: 'reset-sent',
    moment: moment(ms),
    process: WORKER,
    ends: { local: PEER.text, remote: OURS },
    reason: 'TCP_ABORT_ON_CLOSE',
    accepted: true,
    unread: undefined,
    death: undefined,
    ...over,
  };
}

export function peerClosed(ms: number, over: Partial<PeerClosed> = {}): PeerClosed {
  const ends = { local: PEER.text, remote: OURS };
  return { kind: 'peer-closed', moment: moment(ms), process: WORKER, ends, death: undefined, ...over };
}

export function exited(ms: number, over: Partial<Exited> = {}): Exited {
  return { kind: 'exited', moment: moment(ms), process: WORKER, death: { signal: 9, code: 0 }, ...over };
}

export function signalled(ms: number, over: Partial<Signalled> = {}): Signalled {
  const plain = { kind: 'signalled', moment: moment(ms), signal: 9, sender: SHELL, target: WORKER } as const;
  return { ...plain, byParent: false, ...over };
}

export function oomVictim(ms: number): OomVictim {
  return { kind: 'oom-victim', moment: moment(ms), victim: WORKER };
}

export function notAccepting(ms: number, over: Partial<NotAccepting> = {}): NotAccepting {
  return { kind: 'not-accepting', moment: moment(ms), process: WORKER, parent: MASTER.id, errno: 24, ...over };
}

export function listening(ms: number, over: Partial<Listening> = {}): Listening {
  const counts = { queue: 0, backlog: 511, somaxconn: 4096 };
  return { kind: 'listening', moment: moment(ms), process: WORKER, unit: '', address: PEER.text, ...counts, ...over };
}

/** Of the gateway's own segment, before it left. */
export function dropped(ms: number, over: Partial<Dropped> = {}): Dropped {
  const ends = { local: PEER.text, remote: OURS };
  return { kind: 'dropped', moment: moment(ms), ends, reason: 'NETFILTER_DROP', ...over };
}

export function witness(over: Partial<AttemptWitness> = {}): AttemptWitness {
  return {
    ending: undefined,
    logged: undefined,
    closer: undefined,
    exit: undefined,
    signals: [],
    orders: [],
    oom: undefined,
    listener: undefined,
    drop: undefined,
    notAccepting: undefined,
    foreignReset: false,
    tellsClosers: true,
    ...over,
  };
}

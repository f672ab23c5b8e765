import { expect, test } from 'vitest';
import { KernelEvents } from '../../src/kernel/station.ts';
import type { KernelEvent } from '../../src/model/kernel-event.ts';
import type { LeftOut, Loss } from '../../src/model/source-record.ts';

function read(...entries: Record<string, string>[]) {
  const events: KernelEvent[] = [];
  const losses: Loss[] = [];
  const leftOut: LeftOut[] = [];
  const station = new KernelEvents(
    { witnessed: (event) => events.push(event) },
    (loss) => losses.push(loss),
    (what) => leftOut.push(what),
  );
  entries.forEach((fields, at) => {
    const named = Object.entries(fields).map(([name, value]): [string, string] => [`WHY502_${name}`, value]);
    station.entry({ number: at + 1, at: 5000, fields: new Map(named) });
  });
  return { events, losses, leftOut, counters: station.counters };
}

const ENDS = { LOCAL: '10.0.0.1:40001', REMOTE: '10.0.0.7:9000' };
const NGINX = { PROCESS: '3312', NAME: 'nginx' };

test('an attempt that ended, with its errno, what came before it and the nanosecond', () => {
  const entry = { EVENT: 'attempt-ended', NANOSECOND: '456', SOCKET: '7', AFTER: '6', ERRNO: '104', AFTER_READ: '1' };
  const { events } = read({ ...entry, ...NGINX, ...ENDS });
  expect(events).toMatchObject([
    { kind: 'attempt-ended', moment: { at: 5456, frame: 1 }, socket: 7, after: 6, errno: 104, first: true },
  ]);
});

test('what was said on a unix socket, when, and how much more there was', () => {
  const said = { REQUEST: 'GET /\\x0d\\x0a', REQUEST_OCTETS: '7', RESPONSE: 'HTTP', RESPONSE_OCTETS: '9000' };
  const moments = { NANOSECOND: '0', REQUESTED_BEFORE: '4000', RESPONDED_BEFORE: '1000' };
  const ended = { EVENT: 'attempt-ended', SOCKET: '7', REMOTE: 'unix:/run/a.sock', ...NGINX };
  const { events } = read({ ...ended, ...said, ...moments, REUSED: '1' }, ended);
  const encoder = new TextEncoder();
  expect(events).toMatchObject([
    {
      ends: { local: 'unix:#7', remote: 'unix:/run/a.sock' },
      reused: true,
      talk: {
        request: encoder.encode('GET /\r\n'),
        response: encoder.encode('HTTP'),
        requestOctets: 7,
        responseOctets: 9000,
        requestedAt: 1000,
        respondedAt: 4000,
      },
    },
    { reused: false, talk: undefined },
  ]);
});

const LINE = '2026/11/28 04:41:49 [error] 3312#3312: *45 upstream sent invalid header: "X\\x5cx00..." while reading';

test('a line of the error log is read from its message on, each octet as it was', () => {
  const { events } = read({ EVENT: 'logged', SOCKET: '7', LINE, ...NGINX });
  const line = 'upstream sent invalid header: "X\\x00..." while reading';
  expect(events).toMatchObject([{ kind: 'logged', socket: 7, line, process: { id: 3312, name: 'nginx' } }]);
});

test('a line that nobody can have written so is not read', () => {
  const { events, counters } = read(
    { EVENT: 'logged', SOCKET: '7', LINE: 'connect() failed', ...NGINX },
    { EVENT: 'logged', SOCKET: '7', LINE: 'a\nb', ...NGINX },
    { EVENT: 'logged', LINE, ...NGINX },
    { EVENT: 'logged', SOCKET: '7', LINE },
  );
  expect([events, counters.unreadable]).toEqual([[], 4]);
});

test('a reset in answer to a segment has no author, one of a dying process has it and its signal', () => {
  const { events } = read(
    { EVENT: 'reset-sent', REASON: 'NO_SOCKET', ...ENDS },
    { EVENT: 'reset-sent', ...NGINX, ...ENDS, EXITING: '1', SIGNAL: '9', NOT_ACCEPTED: '1', UNREAD: '7' },
  );
  expect(events).toMatchObject([
    { process: undefined, reason: 'NO_SOCKET', accepted: true, death: undefined },
    { process: { id: 3312 }, accepted: false, unread: 7, death: { signal: 9, code: 0 } },
  ]);
});

test('a signal of the kernel has no sender', () => {
  const target = { OTHER: '4211', OTHER_NAME: 'php-fpm8.2', SIGNAL: '11' };
  const { events } = read(
    { EVENT: 'signalled', ...NGINX, ...target, BY_PARENT: '1' },
    { EVENT: 'signalled', ...NGINX, ...target, BY_KERNEL: '1' },
  );
  expect(events).toMatchObject([
    { sender: { id: 3312 }, byParent: true, target: { id: 4211 } },
    { sender: undefined, byParent: false },
  ]);
});

test('a listener with its queue, its unit and who holds it, where that is told; one without an address is none', () => {
  const numbers = { QUEUE: '512', BACKLOG: '511', SOMAXCONN: '4096' };
  const { events, counters } = read(
    { EVENT: 'listening', LOCAL: 'unix:/run/php.sock', ...NGINX, UNIT: 'php8.2-fpm.service', ...numbers },
    { EVENT: 'listening', LOCAL: '0.0.0.0:80', UNIT: 'a\u001bb' },
    { EVENT: 'listening' },
  );
  expect(events).toMatchObject([
    {
      kind: 'listening',
      address: 'unix:/run/php.sock',
      process: { id: 3312 },
      unit: 'php8.2-fpm.service',
      queue: 512,
      backlog: 511,
      somaxconn: 4096,
    },
    { address: '0.0.0.0:80', process: undefined, unit: '', queue: 0 },
  ]);
  expect(counters.unreadable).toBe(1);
});

test('the other kinds', () => {
  const { events } = read(
    { EVENT: 'witness', PROBES: 'attempts resets ', EVERY_RESET: '1' },
    { EVENT: 'answered', ...NGINX, ...ENDS, STATUS: '502', DIRECT: '1' },
    { EVENT: 'peer-closed', ...NGINX, ...ENDS },
    { EVENT: 'exited', ...NGINX, CODE: '3' },
    { EVENT: 'oom-victim', OTHER: '4211', OTHER_NAME: 'php-fpm8.2' },
    { EVENT: 'dropped', ...ENDS, REASON: 'NETFILTER_DROP' },
    { EVENT: 'not-accepting', ...NGINX, PARENT: '12', ERRNO: '24' },
  );
  expect(events).toMatchObject([
    { kind: 'witness', probes: ['attempts', 'resets'], everyReset: true },
    { kind: 'answered', status: 502, direct: true, after: 0 },
    { kind: 'peer-closed', death: undefined },
    { kind: 'exited', death: { signal: 0, code: 3 } },
    { kind: 'oom-victim', victim: { id: 4211, name: 'php-fpm8.2' } },
    { kind: 'dropped', ends: { remote: '10.0.0.7:9000' }, reason: 'NETFILTER_DROP' },
    { kind: 'not-accepting', process: { name: 'nginx' }, parent: 12, errno: 24 },
  ]);
});

test('events that the probes lost are a loss', () => {
  expect(read({ EVENT: 'lost', LOST: '23' }).losses).toEqual([{ at: 5000, count: 23, where: 'kernel events' }]);
});

test("somebody else's entry is left alone; one of ours that cannot be read is counted", () => {
  const { events, counters } = read({}, { EVENT: 'answered' }, { EVENT: 'constructor' }, { EVENT: 'retried' });
  expect(events).toEqual([]);
  expect(counters).toEqual({ events: 3, unreadable: 2, leftOut: 0, leftOutBusyHost: 0 });
});

test('what was left out under pressure: of a connection, of a server', () => {
  const { leftOut, counters } = read(
    { EVENT: 'withheld', ...ENDS },
    { EVENT: 'withheld', SERVER: '10.0.0.7:80', REQUESTS: '12', REASON: 'slow-reader' },
    { EVENT: 'withheld', SERVER: '10.0.0.7:80', REQUESTS: '30', REASON: 'busy-host' },
    { EVENT: 'withheld' },
  );
  expect(leftOut).toEqual([
    { at: 5000, from: ENDS.LOCAL, to: ENDS.REMOTE },
    { at: 5000, server: '10.0.0.7:80', requests: 12 },
    { at: 5000, server: '10.0.0.7:80', requests: 30 },
  ]);
  expect(counters).toMatchObject({ leftOut: 42, leftOutBusyHost: 30, unreadable: 1 });
});

import { expect, test } from 'vitest';
import { endpoint } from '../../../src/model/endpoint.ts';
import { Tally } from '../../../src/sinks/tally.ts';
import {
  hintOf,
  peerText,
  ROWS_SHOWN,
  writeHeader,
  writeNothingFound,
  writeRows,
} from '../../../src/sinks/text/overview.ts';
import { Page } from '../../../src/sinks/text/page.ts';
import { attempt, attemptless, exchange, finding, moment, response, run, tried, verdict } from '../kit/verdicts.ts';

function tallied(...verdicts: Parameters<Tally['add']>[0][]): Tally {
  const tally = new Tally();
  for (const one of verdicts) tally.add(one);
  return tally;
}

/** A verdict with its answer and the end of its attempt at these milliseconds. */
function answered(milli: number, ended = milli, subcause = '') {
  const at = moment(milli, 10);
  const attempted = tried({ end: { how: 'server-rst', moment: moment(ended, 9) } });
  return verdict({
    incident: { exchange: exchange({ response: response({ start: at, head: at }) }) },
    attempts: [{ attempt: attempt({ exchange: attempted }), finding: finding({ subcause }) }],
  });
}

function hint(...verdicts: Parameters<Tally['add']>[0][]): string {
  const [row] = tallied(...verdicts).sorted();
  if (!row) throw new Error('no row');
  return hintOf(row, run(), false);
}

test('a row tells its subcauses first', () => {
  const killed = Array.from({ length: 19 }, (_, n) => answered(9531 + 9000 * n, 9531, 'worker-killed'));
  expect(hint(...killed, answered(9531, 9531))).toMatch(/^worker-killed 19, other 1; /);
  expect(hint(...killed)).toMatch(/^worker-killed; /);
});

test('a row tells a wait that repeats, as a time limit does', () => {
  expect(hint(answered(9531), answered(99_531, 9540))).toMatch(/^2\.31 s after the request each time; /);
  expect(hint(answered(9531), answered(99_531, 19_531))).not.toContain('after the request');
});

test('a row tells when: one moment, a burst, or over which time', () => {
  expect(hint(answered(7221))).toContain('at 12:31:07.221');
  expect(hint(answered(7000, 7221.2), answered(9000, 7221.2))).toContain('all between 12:31:07 and 12:31:09');
  expect(hint(answered(7000, 7221.2), answered(7100, 7221.2))).toContain('all at 12:31:07');
  expect(hint(answered(7000, 7221.2), answered(200_000, 7221.2))).toContain('from 12:31:07 to 12:34:20');
});

test('a row of reused connections tells how long they had been idle', () => {
  const idle = (nanos: number) =>
    verdict({
      attempts: [{ attempt: attempt({ exchange: tried({ reused: true, idle: nanos }) }), finding: finding() }],
    });
  expect(hint(idle(5e9), idle(5.1e9))).toMatch(/^idle 5\.00 s each time before reuse/);
  expect(hint(idle(5e9), idle(65e9))).toMatch(/^idle 5\.00 s to 65\.0 s before reuse/);
});

test('a row without a peer says so', () => {
  expect(tallied(attemptless()).sorted().map(peerText)).toEqual(['no peer asked']);
  expect(
    tallied(attemptless({ cause: 'unknown' }))
      .sorted()
      .map(peerText),
  ).toEqual(['peer not known']);
  expect(tallied(verdict()).sorted().map(peerText)).toEqual(['127.0.0.1:9000 (FastCGI)']);
});

test('rows beyond a screen are counted, unless all are asked for', () => {
  const many = Array.from({ length: ROWS_SHOWN + 5 }, (_, n) =>
    verdict({ attempts: [{ attempt: attempt({ peer: endpoint('10.0.0.9', 1 + n) }), finding: finding() }] }),
  );
  const rows = (all: boolean): string => {
    const page = new Page({ width: 120, colour: false });
    writeRows(page, tallied(...many), run(), { all, statuses: false });
    return page.take();
  };
  expect(rows(false)).toContain('5 more in 5 rows: --all shows them');
  expect(rows(true).trimEnd().split('\n')).toHaveLength(ROWS_SHOWN + 5);
});

test('the file is named without its folder, a pipe by what it is; a name cannot steer the terminal', () => {
  const head = (file: string): string => {
    const page = new Page({ width: 120, colour: false });
    writeHeader(page, run({ file }), { incidents: tallied(verdict()), masked: tallied() });
    return page.take();
  };
  expect(head('/var/tmp/checkout.pcap')).toMatch(/^checkout\.pcap {2}/);
  expect(head('-')).toMatch(/^standard input {2}/);
  expect(head('a\x1b[2J.pcap')).toMatch(/^a\\x1b\[2J\.pcap {2}/);
});

test('requests that were left out are told, beside what was lost', () => {
  for (const [busy, reason] of [
    [0, 'the reader was too slow'],
    [1200, 'the host had no processor time to spare'],
    [200, 'the host had no processor time to spare, the reader was too slow'],
  ] as const) {
    const page = new Page({ width: 200, colour: false });
    const counters = { 'kernel.leftOut': 1200, 'kernel.leftOutBusyHost': busy };
    writeHeader(page, run({ counters }), { incidents: tallied(verdict()), masked: tallied() });
    expect(page.take()).toMatch(new RegExp(`1,200 good requests left out: ${reason}$`, 'm'));
  }
});

test('what was not followed for want of room is told, by counter', () => {
  const page = new Page({ width: 160, colour: false });
  const counters = {
    'connections.turnedAway': 4_515_264,
    'connections.evicted': 3,
    'connections.crowded': 0,
    'wire.frames': 9,
  };
  writeHeader(page, run({ counters }), { incidents: tallied(verdict()), masked: tallied() });
  expect(page.take()).toContain(
    'Not all was followed, for want of room: connections.turnedAway 4,515,264, connections.evicted 3.',
  );
});

test('a capture without a request is told apart from one without a 502', () => {
  const page = new Page({ width: 120, colour: false });
  writeNothingFound(page, run({ requests: 0 }));
  writeNothingFound(page, run({ frames: 0, requests: 0 }));
  writeNothingFound(page, run());
  expect(page.take()).toMatch(/No HTTP request was seen.*The capture is empty.*answered a client with 502/s);
});

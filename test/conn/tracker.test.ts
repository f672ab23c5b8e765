import { describe, expect, test } from 'vitest';
import { BUSY_FOR, COPY_TIME, IDLE_AFTER, REUSE_IDLE } from '../../src/conn/limits.ts';
import { RST } from '../../src/model/segment.ts';
import { MILLISECOND, SECOND } from '../../src/model/time.ts';
import { established, scene } from './setup.ts';

const opened = (id: number): string => `${id} opened 10.0.0.1:40000 -> 10.0.0.2:80`;

describe('a port used again', () => {
  test('right after a RST', () => {
    const { log, line, server } = established();
    server.rst();
    const again = line.conversation({ clientIsn: 70_000, serverIsn: 80_000 });
    again.handshake();
    again.client.send('second');
    expect(log.lines).toEqual([
      '1 reverse reset',
      '1 forgotten replaced',
      opened(2),
      '2 established',
      '2 forward "second"',
    ]);
  });

  test('right after a refusal, again and again', () => {
    const { log, line } = scene();
    for (let isn = 1000; isn < 4000; isn += 1000) {
      const { client, server } = line.conversation({ clientIsn: isn });
      client.syn();
      server.rst();
    }
    expect(log.lines.filter((each) => each.includes('refused'))).toHaveLength(3);
    expect(log.lines.filter((each) => each.includes('replaced'))).toHaveLength(2);
  });

  test('in TIME-WAIT and after a half close', () => {
    for (const both of [true, false]) {
      const { log, line, client, server } = established();
      client.fin();
      if (both) server.fin();
      log.take();
      line.conversation({ clientIsn: 70_000 }).client.syn();
      expect(log.lines).toEqual(['1 forgotten replaced', opened(2)]);
    }
  });

  test('by the other side', () => {
    const { log, line, client, server } = established();
    client.fin();
    server.fin();
    client.ack();
    log.take();
    line.conversation({ client: '10.0.0.2:80', server: '10.0.0.1:40000', clientIsn: 70_000 }).handshake();
    expect(log.lines).toEqual(['1 forgotten replaced', '2 opened 10.0.0.2:80 -> 10.0.0.1:40000', '2 established']);
  });

  test('on an established connection only after it was quiet', () => {
    const { log, line, tracker, client } = established();
    const { client: next } = line.conversation({ clientIsn: 70_000 });
    next.syn();
    expect(tracker.counters.implausible).toBe(1);
    client.send('still here');
    expect(log.take()).toEqual(['1 forward "still here"']);
    line.at(line.now + REUSE_IDLE + SECOND);
    next.syn();
    expect(log.lines).toEqual(['1 forgotten replaced', opened(2)]);
  });

  test('whose SYN the capture missed: a SYN-ACK of another handshake tells', () => {
    const { log, line } = established();
    const next = line.conversation({ clientIsn: 70_000, serverIsn: 90_000 });
    line.withhold(() => next.client.syn());
    next.server.synAck();
    next.client.ack();
    expect(log.lines).toEqual(['1 forgotten replaced', opened(2), '2 established']);
  });

  test('a retransmitted SYN or SYN-ACK of a connection that lives replaces nothing', () => {
    const { log, line, client, server } = scene();
    client.syn();
    line.at(SECOND);
    client.again();
    server.synAck();
    client.ack();
    line.at(2 * SECOND);
    server.again();
    line.at(9 * SECOND);
    server.synAck();
    expect(log.lines).toEqual([opened(1), '1 established']);
  });
});

describe('what is over', () => {
  test('is forgotten after a while, and its late segments open nothing', () => {
    const { log, line, tracker, client, server } = established();
    client.fin();
    server.fin();
    client.ack();
    log.take();
    line.at(SECOND);
    tracker.tick(SECOND);
    expect(log.take()).toEqual(['1 forgotten closed']);
    server.again();
    client.ack();
    client.rst();
    expect(log.lines).toEqual([]);
    expect(tracker.counters.late).toBe(3);
    expect(tracker.size).toBe(1);
    tracker.tick(SECOND + IDLE_AFTER.past + SECOND);
    expect(tracker.size).toBe(0);
  });

  test('a SYN on its four-tuple opens at once', () => {
    const { log, line, tracker, server } = established();
    server.rst();
    tracker.tick(SECOND);
    log.take();
    line.at(SECOND + MILLISECOND);
    line.conversation({ clientIsn: 9 }).client.syn();
    expect(log.lines).toEqual([opened(2)]);
    expect(tracker.size).toBe(1);
  });

  test('what it tells outlives it', () => {
    const { line, tracker, server, connection } = established();
    server.send('x');
    server.rst();
    tracker.tick(SECOND);
    line.conversation({ client: '10.9.9.9:1', server: '10.8.8.8:2' }).client.syn();
    expect(connection().active.text).toBe('10.0.0.1:40000');
    expect(connection().passive).toMatchObject({ address: '10.0.0.2', port: 80, text: '10.0.0.2:80' });
    expect(connection().reverse.octets).toBe(1);
  });
});

describe('what is quiet', () => {
  test('a SYN without an answer is forgotten when the kernel gave it up', () => {
    const { log, tracker, client } = scene();
    client.syn();
    tracker.tick(IDLE_AFTER.transient - SECOND);
    expect(log.lines).toHaveLength(1);
    tracker.tick(IDLE_AFTER.transient + SECOND);
    expect(log.lines[1]).toBe('1 forgotten idle');
  });

  test('an established connection after two hours, whoever spoke in between last', () => {
    const { log, line, tracker, server } = established();
    line.at(IDLE_AFTER.open);
    server.ack();
    tracker.tick(IDLE_AFTER.open + SECOND);
    expect(log.lines).toEqual([]);
    tracker.tick(2 * IDLE_AFTER.open + SECOND);
    expect(log.lines).toEqual(['1 forgotten idle']);
  });

  test('where only the last ACK is missing, it is closed', () => {
    const { log, tracker, client, server } = established();
    server.fin();
    client.fin();
    tracker.tick(IDLE_AFTER.transient + SECOND);
    expect(log.lines.at(-1)).toBe('1 forgotten closed');
  });
});

describe('a full table', () => {
  const address = (n: number): string => `10.1.${n >> 8}.${n & 255}:40000`;

  test('forgets the quietest connection', () => {
    const { log, line, tracker } = scene({}, { connections: 3 });
    const three = [0, 1, 2].map((n) => line.conversation({ client: address(n) }));
    for (const each of three) {
      each.handshake();
      line.at(line.now + SECOND);
    }
    line.at(line.now + BUSY_FOR - SECOND);
    three[0]?.client.send('x');
    log.take();
    line.conversation({ client: address(3) }).client.syn();
    expect(log.lines).toEqual(['2 forgotten limit', '4 opened 10.1.0.3:40000 -> 10.0.0.2:80']);
    expect(tracker.counters.evicted).toBe(1);
    expect(tracker.size).toBe(3);
  });

  test('turns others away while all are busy, so that those it has are seen to their end', () => {
    const { log, line, tracker } = scene({}, { connections: 3 });
    const three = [0, 1, 2].map((n) => line.conversation({ client: address(n) }));
    for (const each of three) each.handshake();
    log.take();
    line.conversation({ client: address(3) }).handshake();
    expect(log.lines).toEqual([]);
    expect(tracker.counters).toMatchObject({ evicted: 0, turnedAway: 2, strays: 1 });
    three[0]?.client.rst();
    line.conversation({ client: address(4) }).client.syn();
    expect(log.lines).toContain('4 opened 10.1.0.4:40000 -> 10.0.0.2:80');
  });

  test('forgets one that is over first', () => {
    const { log, line } = scene({}, { connections: 2 });
    line.conversation({ client: address(0) }).handshake();
    line.at(SECOND);
    const over = line.conversation({ client: address(1) });
    over.handshake();
    over.server.rst();
    log.take();
    line.conversation({ client: address(2) }).client.syn();
    expect(log.lines[0]).toBe('2 forgotten limit');
  });

  test('and four-tuples of what is over before that, which is no eviction', () => {
    const { log, line, tracker } = scene({}, { connections: 2 });
    const over = line.conversation({ client: address(1) });
    over.handshake();
    over.server.rst();
    tracker.tick(SECOND);
    line.at(SECOND);
    line.conversation({ client: address(0) }).handshake();
    log.take();
    line.conversation({ client: address(2) }).client.syn();
    expect(log.lines).toEqual(['3 opened 10.1.0.2:40000 -> 10.0.0.2:80']);
    expect(tracker.counters.evicted).toBe(0);
  });

  test('a flood of SYNs does not push out what is established', () => {
    const { log, line, tracker } = scene({}, { connections: 100 });
    for (let n = 0; n < 20; n++) line.conversation({ client: address(n) }).handshake();
    line.at(60 * SECOND);
    for (let n = 1000; n < 3000; n++) line.conversation({ client: address(n) }).client.syn();
    const forgotten = log.lines
      .filter((each) => each.includes('forgotten limit'))
      .map((each) => Number.parseInt(each, 10));
    expect(forgotten).toHaveLength(1920);
    expect(forgotten.filter((id) => id <= 20)).toEqual([]);
    expect(tracker.size).toBe(100);
  });
});

describe('copies made by the capture', () => {
  test('of a SYN are no second SYN', () => {
    const { log, line, tracker, client, connection } = scene();
    client.syn();
    line.copy({ interfaceId: 1 });
    line.copy({ interfaceId: 2, ttl: 63 });
    expect(log.lines).toEqual([opened(1)]);
    expect(connection().syns).toBe(1);
    expect(tracker.counters.duplicates).toBe(2);
  });

  test('of octets are no retransmissions, also behind other frames and over IPv6', () => {
    for (const client of ['10.0.0.1:40000', '[::1]:40000']) {
      const set = scene({ client, server: client.startsWith('[') ? '[::2]:80' : '10.0.0.2:80' });
      set.handshake();
      set.client.send('one');
      const one = set.line.last;
      set.client.send('two');
      if (one !== undefined) set.line.feed({ ...one, interfaceId: 3 });
      set.line.copy();
      expect(set.tracker.counters.duplicates).toBe(2);
      set.tracker.end(0);
      expect(set.connection().forward.retransmissions).toBe(0);
      expect(set.log.stream(1, 'forward')).toBe('onetwo');
    }
  });

  test('a retransmission has another IP identification or comes later', () => {
    const { line, tracker, client, connection } = established();
    client.send('one');
    client.again();
    line.at(line.now + COPY_TIME + MILLISECOND);
    line.copy();
    expect(connection().forward.retransmissions).toBe(2);
    expect(tracker.counters.duplicates).toBe(0);
  });

  test('of a whole short life, each frame twice', () => {
    const set = scene();
    const twice = (script: () => void): void => {
      script();
      set.line.copy({ ttl: 63 });
    };
    twice(() => set.client.syn());
    twice(() => set.server.synAck());
    twice(() => set.client.ack());
    twice(() => set.client.send('GET /'));
    twice(() => set.server.rst());
    expect(set.log.lines).toEqual([opened(1), '1 established', '1 forward "GET /"', '1 reverse reset']);
    expect(set.tracker.counters).toMatchObject({ duplicates: 5, late: 0, implausibleResets: 0 });
  });

  test('of the RST of a life, seen after its port is in use again', () => {
    const { log, line, server } = established();
    server.rst();
    const rst = line.last;
    line.conversation({ clientIsn: 70_000, serverIsn: 5001 }).handshake();
    log.take();
    if (rst !== undefined) line.feed({ ...rst, interfaceId: 1 });
    expect(log.lines).toEqual([]);
  });
});

describe('the capture', () => {
  test('that lost frames makes incomplete what was open, not what opened later or was forgotten before', () => {
    const { line, tracker, server, connection } = established();
    server.rst();
    tracker.tick(SECOND);
    line.at(SECOND);
    const second = line.conversation({ client: '10.0.0.1:40001' });
    second.handshake();
    tracker.loss({ at: SECOND, count: 3, where: 'ring' });
    line.conversation({ client: '10.0.0.1:40002' }).handshake();
    expect([1, 2, 3].map((id) => connection(id).incomplete)).toEqual([false, true, false]);
    tracker.end(SECOND);
    tracker.loss({ at: SECOND, count: 1, where: 'ring' });
    expect([1, 2, 3].map((id) => connection(id).incomplete)).toEqual([false, true, false]);
  });

  test('that ends ends everything, in order of opening', () => {
    const { log, line, tracker } = scene();
    for (const n of [5, 3, 9, 1]) line.conversation({ client: `10.0.0.${n}:40000` }).handshake();
    log.take();
    tracker.end(SECOND);
    expect(log.lines).toEqual(['1 forgotten end', '2 forgotten end', '3 forgotten end', '4 forgotten end']);
    expect(tracker.size).toBe(0);
  });

  test('in which too many addresses collide follows the others', () => {
    const { log, line, tracker, server } = scene({}, { connections: 0 });
    server.send('x');
    expect(log.lines).toEqual([]);
    expect(tracker.counters.crowded).toBe(1);
    line.unreachable(server, { code: RST });
  });
});

describe('what the capture program left out', () => {
  const ends = { from: '10.0.0.2:80', to: '10.0.0.1:40000' };

  test('of a connection: it is met again in its midst, without a gap', () => {
    const { log, line, tracker, client, server, connection } = established();
    client.send('one');
    tracker.leftOut({ at: 1, ...ends });
    line.withhold(() => {
      server.send('an answer');
      client.send('two');
    });
    client.send('later');
    server.send('answer');
    expect(log.lines).toEqual([
      '1 forward "one"',
      '1 forgotten left-out',
      opened(2),
      '2 forward "later"',
      '2 reverse "answer"',
    ]);
    expect(connection(2).midstream).toBe(true);
  });

  test('of a connection that nobody knows: nothing', () => {
    const { log, tracker } = established();
    tracker.leftOut({ at: 1, from: '10.0.0.2:80', to: '10.0.0.1:40001' });
    tracker.leftOut({ at: 1, from: 'unix:/a', to: 'b' });
    expect(log.lines).toEqual([]);
  });

  test.each([
    ['may be a SYN: octets begin a connection on ports that were used', true, ['2 forward "anew"']],
    ['is nothing: they come too late', false, []],
  ])('%s', (_, leavesOut, lines) => {
    const { log, line, tracker, client, server } = established();
    client.fin();
    server.fin();
    client.ack();
    tracker.tick(IDLE_AFTER.closed + 2 * SECOND);
    log.take();
    if (leavesOut) tracker.leftOut({ at: 1, server: '10.0.0.2:80', requests: 3 });
    line.withhold(() => client.send('a request, and another connection before it'));
    client.send('anew');
    expect(log.lines.filter((each) => each.includes('anew'))).toEqual(lines);
  });
});

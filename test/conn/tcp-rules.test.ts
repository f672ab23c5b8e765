import { describe, expect, test } from 'vitest';
import { WINDOW_REACH } from '../../src/conn/limits.ts';
import { FIN, RST, SYN } from '../../src/model/segment.ts';
import { MILLISECOND, SECOND } from '../../src/model/time.ts';
import { established, scene } from './setup.ts';

describe('SYN-SENT', () => {
  test('a handshake opens and establishes', () => {
    const { log, line, client, server, connection } = scene();
    line.at(SECOND);
    client.syn();
    line.at(SECOND + MILLISECOND);
    server.synAck();
    client.ack();
    expect(log.lines).toEqual(['1 opened 10.0.0.1:40000 -> 10.0.0.2:80', '1 established']);
    expect(connection()).toMatchObject({
      id: 1,
      transport: 'tcp',
      midstream: false,
      syns: 1,
      first: { at: SECOND, frame: 1 },
      syn: { at: SECOND, frame: 1 },
      lastSyn: { at: SECOND, frame: 1 },
      synAck: { at: SECOND + MILLISECOND, frame: 2 },
      established: { frame: 3 },
      last: { frame: 3 },
      refusal: undefined,
      incomplete: false,
    });
    expect(connection().forward).toMatchObject({ octets: 0, ttl: 64, fin: undefined, zeroWindow: false });
  });

  test('a RST to a SYN refuses the connection', () => {
    const { log, client, server, connection } = scene();
    client.syn();
    server.rst({ ttl: 51 });
    expect(log.lines.slice(1)).toEqual(['1 refused rst']);
    expect(connection().refusal).toEqual({ how: 'rst', moment: { at: 10_000, frame: 2 } });
    expect(connection().reverse).toMatchObject({ rst: { frame: 2 }, rstTtl: 51, ttl: 51 });
    expect(connection().established).toBeUndefined();
  });

  test('a RST that does not acknowledge the SYN refuses nothing', () => {
    const { log, tracker, client, server } = scene();
    client.syn();
    server.rst({ ack: 4711 });
    server.rst({ flags: RST });
    expect(log.lines).toHaveLength(1);
    expect(tracker.counters.implausibleResets).toBe(2);
  });

  test('a SYN sent again is counted and opens nothing', () => {
    const { log, line, client, server, connection } = scene();
    client.syn();
    line.at(SECOND);
    client.again();
    line.at(3 * SECOND);
    client.again();
    server.rst();
    expect(log.lines).toEqual(['1 opened 10.0.0.1:40000 -> 10.0.0.2:80', '1 refused rst']);
    expect(connection()).toMatchObject({ syns: 3, syn: { at: 0 }, lastSyn: { at: 3 * SECOND, frame: 3 } });
  });

  test('a second RST, to the retransmitted SYN, is late', () => {
    const { log, tracker, client, server } = scene();
    client.syn();
    client.again();
    server.rst();
    server.rst({ ttl: 63 });
    expect(log.lines.slice(1)).toEqual(['1 refused rst']);
    expect(tracker.counters.late + tracker.counters.duplicates).toBe(1);
  });

  test('a SYN with another ISN begins another connection', () => {
    const { log, client } = scene();
    client.syn();
    client.syn({ seq: 99_000 });
    expect(log.lines).toEqual([
      '1 opened 10.0.0.1:40000 -> 10.0.0.2:80',
      '1 forgotten replaced',
      '2 opened 10.0.0.1:40000 -> 10.0.0.2:80',
    ]);
  });

  test('an unreachable that quotes the SYN refuses the connection', () => {
    const { log, line, client, connection } = scene();
    client.syn();
    line.unreachable(client, { code: 13 });
    expect(log.lines.slice(1)).toEqual(['1 refused unreachable']);
    expect(connection().refusal).toEqual({
      how: 'unreachable',
      version: 4,
      code: 13,
      reporter: '10.0.0.2',
      moment: { at: 10_000, frame: 2 },
    });
  });

  test('an unreachable over IPv6 refuses too', () => {
    const { log, line, client, connection } = scene({ client: '[2001:db8::1]:40000', server: '[2001:db8::2]:80' });
    client.syn();
    line.unreachable(client, { code: 4 });
    expect(log.lines.slice(1)).toEqual(['1 refused unreachable']);
    expect(connection().refusal).toMatchObject({ version: 6, code: 4, reporter: '2001:db8::2' });
  });

  test('"fragmentation needed", other protocols and unknown quotes refuse nothing', () => {
    const { log, line, tracker, client, server } = scene();
    line.unreachable(client);
    client.syn();
    line.unreachable(client, { code: 4 });
    line.unreachable(client, { quotedProtocol: 17 });
    line.unreachable(server);
    expect(log.lines).toHaveLength(1);
    expect(tracker.counters.unreachables).toBe(3);
  });

  test('where the capture missed the SYN-ACK, the ACK or the first octets prove the connection', () => {
    const { log, line, client, server, connection } = scene();
    client.syn();
    line.withhold(() => server.synAck());
    client.ack();
    server.send('220 ready');
    expect(log.lines.slice(1)).toEqual(['1 established', '1 reverse "220 ready"']);
    expect(connection()).toMatchObject({ synAck: undefined, established: { frame: 2 } });
  });

  test('a SYN sent again after an unreachable may get through, even where the capture missed the SYN-ACK', () => {
    const { log, line, client, server, connection } = scene();
    client.syn();
    line.unreachable(client, { code: 13 });
    client.again();
    line.withhold(() => server.synAck());
    client.ack();
    client.fin();
    expect(log.lines.slice(1)).toEqual(['1 refused unreachable', '1 established', '1 forward finished']);
    expect(connection().refusal).toBeUndefined();
  });

  test('a SYN-ACK that the capture brings late is noted still', () => {
    const { log, line, client, server, connection } = scene();
    client.syn();
    const late = line.withhold(() => server.synAck());
    client.ack();
    for (const each of late) line.feed(each);
    expect(log.lines).toHaveLength(2);
    expect(connection().synAck).toMatchObject({ frame: 3 });
  });

  test("a challenge ACK of the server's former life establishes nothing", () => {
    const { log, tracker, client, server } = scene();
    client.syn();
    server.ack({ seq: 77_000, ack: 900_000 });
    expect(log.lines).toHaveLength(1);
    expect(tracker.counters.implausible).toBe(1);
  });

  test('octets on the SYN come before the connection is established (TCP Fast Open), and once', () => {
    const { log, client, server } = scene();
    client.syn({ content: 'GET /' });
    server.synAck({ ack: 1001 });
    client.send('GET /', { seq: 1001 });
    expect(log.lines.slice(1)).toEqual(['1 forward "GET /"', '1 established']);
  });

  test('two SYNs that cross open one connection (simultaneous open)', () => {
    const { log, client, server, connection } = scene();
    client.syn();
    server.syn();
    client.synAck();
    server.synAck();
    client.send('a');
    server.send('b');
    expect(log.lines).toEqual([
      '1 opened 10.0.0.1:40000 -> 10.0.0.2:80',
      '1 established',
      '1 forward "a"',
      '1 reverse "b"',
    ]);
    expect(connection().syns).toBe(1);
    expect(connection().synAck).toMatchObject({ frame: 4 });
  });
});

describe('SYN-RECEIVED', () => {
  test('a RST of the server before the handshake is over resets a half-open connection', () => {
    const { log, client, server, connection } = scene();
    client.syn();
    server.synAck();
    server.rst();
    expect(log.lines.slice(1)).toEqual(['1 reverse reset']);
    expect(connection().refusal).toBeUndefined();
  });

  test('a RST of the client gives the attempt up', () => {
    const { log, client, server } = scene();
    client.syn();
    server.synAck();
    client.rst();
    expect(log.lines.slice(1)).toEqual(['1 forward reset']);
  });

  test('a SYN-ACK sent again changes nothing', () => {
    const { log, line, client, server, connection } = scene();
    client.syn();
    server.synAck();
    line.at(SECOND);
    server.again();
    client.ack();
    expect(log.lines.slice(1)).toEqual(['1 established']);
    expect(connection().synAck).toMatchObject({ frame: 2 });
  });

  test('a SYN-ACK that acknowledges another SYN is not believed', () => {
    const { log, tracker, client, server } = scene();
    client.syn();
    server.synAck({ ack: 4_000_000 });
    client.again({ flags: SYN });
    expect(log.lines).toHaveLength(1);
    expect(tracker.counters.implausible).toBe(1);
  });

  test('of two SYN-ACKs with different ISNs, the one counts that the opener acknowledges', () => {
    for (const chosen of [5000, 600_000]) {
      const { log, tracker, client, server } = scene();
      client.syn();
      server.synAck();
      server.synAck({ seq: 600_000 });
      server.seq = chosen + 1;
      client.ack();
      server.send('answer');
      expect(log.lines.slice(1)).toEqual(['1 established', '1 reverse "answer"']);
      expect(tracker.counters.implausible).toBe(1);
    }
  });

  test('the first octets prove it where the ACK was missed', () => {
    const { log, client, server } = scene();
    client.syn();
    server.synAck();
    server.ack();
    expect(log.lines).toHaveLength(1);
    server.send('hello');
    expect(log.lines.slice(1)).toEqual(['1 established', '1 reverse "hello"']);
  });

  test('an answer to octets that the capture does not hold proves it too', () => {
    const { log, line, tracker, client, server } = scene();
    client.syn();
    server.synAck();
    line.withhold(() => {
      client.ack();
      client.send('x'.repeat(3 << 20));
      server.send('y');
    });
    server.fin();
    client.fin();
    tracker.end(0);
    expect(log.lines.slice(1)).toEqual([
      '1 established',
      `1 forward gap ${3 << 20} lost`,
      '1 forward finished',
      '1 reverse gap 1 lost',
      '1 reverse finished',
      '1 forgotten end',
    ]);
  });

  test('an ACK of less than the SYN-ACK proves nothing', () => {
    const { log, tracker, client, server } = scene();
    client.syn();
    server.synAck();
    client.ack({ ack: 17 });
    expect(log.lines).toHaveLength(1);
    expect(tracker.counters.implausible).toBe(1);
  });

  test('an unreachable is only counted', () => {
    const { log, line, tracker, client, server } = scene();
    client.syn();
    server.synAck();
    line.unreachable(client);
    expect(log.lines).toHaveLength(1);
    expect(tracker.counters.unreachables).toBe(1);
  });
});

describe('no connection', () => {
  test('a RST, a bare ACK and a segment without any flag open nothing', () => {
    const { log, tracker, client } = scene();
    client.rst();
    client.ack();
    client.send('x', { flags: 0 });
    client.send('x', { flags: SYN | RST });
    expect(log.lines).toEqual([]);
    expect(tracker.counters.strays).toBe(4);
  });

  test('a connection that begins midstream starts with its first octet; the higher port opened it', () => {
    const { log, client, server, connection } = scene({ clientIsn: 100, serverIsn: 200 });
    client.seq = 1101;
    server.seq = 2201;
    server.send('answer');
    client.send('next');
    expect(log.lines).toEqual(['1 opened 10.0.0.1:40000 -> 10.0.0.2:80', '1 reverse "answer"', '1 forward "next"']);
    expect(connection()).toMatchObject({ midstream: true, syn: undefined, lastSyn: undefined, established: undefined });
    expect(connection().reverse).toMatchObject({ octets: 6, acknowledged: 6 });
  });

  test('between equal ports the first sender opened', () => {
    const { log, client } = scene({ client: '10.0.0.1:123', server: '10.0.0.2:123' });
    client.send('x');
    expect(log.lines[0]).toBe('1 opened 10.0.0.1:123 -> 10.0.0.2:123');
  });

  test('a SYN-ACK midstream tells who opened, whatever the ports', () => {
    const { log, client, server, connection } = scene({ client: '10.0.0.1:80', server: '10.0.0.2:40000' });
    client.seq = 1001;
    server.synAck();
    client.ack();
    client.send('x');
    expect(log.lines).toEqual(['1 opened 10.0.0.1:80 -> 10.0.0.2:40000', '1 established', '1 forward "x"']);
    expect(connection()).toMatchObject({ midstream: true, syns: 0, synAck: { frame: 1 } });
  });

  test('the SYN that the capture brings after its SYN-ACK opens nothing new', () => {
    const { log, line, client, server } = scene();
    const late = line.withhold(() => client.syn());
    server.synAck();
    for (const each of late) line.feed(each);
    client.ack();
    expect(log.lines).toEqual(['1 opened 10.0.0.1:40000 -> 10.0.0.2:80', '1 established']);
  });

  test('a FIN midstream is worth a connection', () => {
    const { log, server } = scene();
    server.fin();
    expect(log.lines).toEqual(['1 opened 10.0.0.1:40000 -> 10.0.0.2:80', '1 reverse finished']);
  });

  test('an address that talks to itself from one port to the same port breaks nothing', () => {
    const { log, client } = scene({ client: '127.0.0.1:4000', server: '127.0.0.1:4000' });
    client.syn();
    client.synAck({ ack: 1001, flags: SYN | 16 });
    client.send('x', { ack: 1001 });
    expect(log.lines[0]).toBe('1 opened 127.0.0.1:4000 -> 127.0.0.1:4000');
  });
});

describe('ESTABLISHED', () => {
  test('both sides close, and the life goes by the book', () => {
    const { log, client, server, connection } = established();
    server.fin();
    expect(connection()).toMatchObject({ state: 'CLOSE-WAIT', reverse: { fin: { frame: 4 } } });
    client.ack();
    client.send('late request');
    client.fin();
    expect(connection()).toMatchObject({ state: 'LAST-ACK' });
    server.ack();
    expect(connection()).toMatchObject({ state: 'CLOSED' });
    expect(log.lines).toEqual(['1 reverse finished', '1 forward "late request"', '1 forward finished']);
  });

  test('the active opener closes first and ends in TIME-WAIT', () => {
    const { log, tracker, client, server, connection } = established();
    client.fin();
    server.ack();
    expect(connection()).toMatchObject({ state: 'FIN-WAIT-2' });
    server.send('rest');
    server.fin();
    client.ack();
    expect(connection()).toMatchObject({ state: 'TIME-WAIT', reverse: { acknowledged: 4 } });
    expect(log.lines).toEqual(['1 forward finished', '1 reverse "rest"', '1 reverse finished']);
    expect(tracker.counters).toMatchObject({ late: 0, violations: 0 });
  });

  test('FIN and its acknowledgement in one segment', () => {
    const { client, server, connection } = established();
    client.fin();
    server.fin();
    expect(connection()).toMatchObject({ state: 'TIME-WAIT' });
  });

  test('two FINs that cross', () => {
    const { client, server, connection } = established();
    client.fin();
    server.fin({ ack: client.seq - 1 });
    expect(connection()).toMatchObject({ state: 'CLOSING' });
    server.ack();
    expect(connection()).toMatchObject({ state: 'TIME-WAIT' });
  });

  test('what the life has no row for is a violation, and changes nothing', () => {
    const { tracker, line, client, connection } = established();
    client.fin();
    line.at(SECOND);
    client.syn();
    expect(connection()).toMatchObject({ state: 'FIN-WAIT-1' });
    expect(tracker.counters.violations).toBe(1);
  });

  test('nothing is told of a connection after its RST, not even what was lost before', () => {
    const { log, line, tracker, client, server } = established();
    line.withhold(() => server.send('lost'));
    server.rst();
    client.ack();
    client.ack();
    tracker.tick(SECOND / 4);
    tracker.end(SECOND);
    expect(log.lines).toEqual(['1 reverse reset', '1 forgotten end']);
  });

  test('a FIN sent again is no second end', () => {
    const { log, line, client } = established();
    client.fin();
    line.at(SECOND);
    client.again();
    expect(log.lines).toEqual(['1 forward finished']);
  });

  test('a RST ends it for both, and says who sent it', () => {
    const { log, client, server, connection } = established();
    client.send('GET');
    server.rst({ ttl: 250 });
    expect(log.lines).toEqual(['1 forward "GET"', '1 reverse reset']);
    expect(connection().reverse).toMatchObject({ rst: { frame: 5 }, rstTtl: 250, ttl: 64 });
    expect(connection().refusal).toBeUndefined();
  });

  test('a RST after the FIN of its sender is told too', () => {
    const { log, client, server } = established();
    server.fin();
    client.send('too late');
    server.rst();
    expect(log.lines).toEqual(['1 reverse finished', '1 forward "too late"', '1 reverse reset']);
  });

  test('a RST that answers a segment, at the number it acknowledged, is believed', () => {
    const { log, client, server } = established();
    server.send('abc');
    client.ack();
    client.send('x');
    server.rst({ flags: RST, seq: server.seq, ack: 0 });
    expect(log.lines.at(-1)).toBe('1 reverse reset');
  });

  test('a RST outside the window is counted, not believed', () => {
    const { log, tracker, client, server } = established();
    server.send('abc');
    client.ack();
    server.rst({ seq: server.seq - 1 });
    server.rst({ seq: server.seq + WINDOW_REACH + 10 });
    server.rst({ seq: 0 });
    server.send('def');
    expect(log.lines).toEqual(['1 reverse "abc"', '1 reverse "def"']);
    expect(tracker.counters.implausibleResets).toBe(3);
  });

  test('each side’s first RST is told, the others are late', () => {
    const { log, line, tracker, client, server } = established();
    server.rst();
    client.rst();
    line.at(SECOND / 4);
    client.rst({ ttl: 9 });
    expect(log.lines).toEqual(['1 reverse reset', '1 forward reset']);
    expect(tracker.counters.late).toBe(1);
  });

  test('octets after a RST are late', () => {
    const { log, tracker, client, server } = established();
    server.rst();
    client.send('in flight');
    expect(log.lines).toEqual(['1 reverse reset']);
    expect(tracker.counters.late).toBe(1);
  });

  test('a segment without ACK is dropped, as RFC 9293 wants', () => {
    const { log, tracker, client } = established();
    client.send('x', { flags: 0 });
    expect(log.lines).toEqual([]);
    expect(tracker.counters.strays).toBe(1);
  });

  test('an unreachable is only counted', () => {
    const { log, line, tracker, client } = established();
    line.unreachable(client);
    expect(log.lines).toEqual([]);
    expect(tracker.counters.unreachables).toBe(1);
  });

  test('refused twice is told once, and the last time counts', () => {
    const { log, line, client, server, connection } = scene();
    client.syn();
    line.unreachable(client);
    client.again();
    server.rst();
    expect(log.lines.slice(1)).toEqual(['1 refused unreachable']);
    expect(connection().refusal?.how).toBe('rst');
    expect(connection().syns).toBe(2);
  });

  test('a SYN that gets through after an unreachable was not refused', () => {
    const { log, line, client, server, connection } = scene();
    client.syn();
    line.unreachable(client);
    client.again();
    server.synAck();
    client.ack();
    expect(log.lines.slice(1)).toEqual(['1 refused unreachable', '1 established']);
    expect(connection().refusal).toBeUndefined();
  });
});

describe('octets on the handshake', () => {
  test('octets on the SYN-ACK are delivered; a FIN on a SYN is nobody’s', () => {
    const { log, client, server } = scene();
    client.syn({ flags: SYN | FIN, content: 'zz' });
    server.synAck({ content: 'hi' });
    expect(log.lines.slice(1)).toEqual(['1 forward "zz"', '1 reverse "hi"']);
  });
});

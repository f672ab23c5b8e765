import { describe, expect, test } from 'vitest';
import { REORDER_SEGMENTS, REORDER_TIME, SEQ_REACH } from '../../src/conn/limits.ts';
import { FIN } from '../../src/model/segment.ts';
import { MILLISECOND, SECOND } from '../../src/model/time.ts';
import { type Line, segment } from '../kit/segments.ts';
import { established, scene } from './setup.ts';

/** Lets `line` lose what `script` sends. */
const lose = (line: Line, script: () => void): void => {
  line.withhold(script);
};

describe('in order', () => {
  test('octets are handed on as they come, and the facts follow', () => {
    const { log, line, client, server, connection } = established();
    line.at(SECOND);
    client.send('GET / HTTP/1.1\r\n');
    client.send('\r\n');
    server.send('HTTP/1.1 502');
    expect(log.lines).toEqual(['1 forward "GET / HTTP/1.1\r\n"', '1 forward "\r\n"', '1 reverse "HTTP/1.1 502"']);
    expect(connection().forward).toMatchObject({
      octets: 18,
      firstOctet: { at: SECOND, frame: 4 },
      lastOctet: { at: SECOND + 10_000, frame: 5 },
      acknowledged: 18,
      lastAcknowledgement: { at: SECOND + 20_000, frame: 6 },
      retransmissions: 0,
      missing: 0,
    });
    expect(connection().reverse).toMatchObject({ octets: 12, acknowledged: 0, lastAcknowledgement: undefined });
  });

  test('sequence numbers wrap', () => {
    const { log, client, server } = established({ clientIsn: 0xfffffffd, serverIsn: 0x7ffffffe });
    client.send('abcd');
    client.send('efgh');
    server.send('xyz');
    client.fin();
    expect(log.lines).toEqual(['1 forward "abcd"', '1 forward "efgh"', '1 reverse "xyz"', '1 forward finished']);
  });

  test('the moment of an event is an object of its own, one for all events of a frame', () => {
    const { log, line, client, server } = scene();
    client.syn();
    lose(line, () => server.synAck());
    client.send('x');
    expect(log.moments.at(-1)).toBe(log.moments.at(-2));
    expect(log.moments.at(-1)).toEqual({ at: 10_000, frame: 2 });
  });

  test('a window of zero is a fact until another is advertised', () => {
    const { client, server, connection } = established();
    server.ack({ window: 0 });
    expect(connection().reverse.zeroWindow).toBe(true);
    client.send('p');
    server.ack({ window: 512 });
    expect(connection().reverse.zeroWindow).toBe(false);
  });
});

describe('seen before', () => {
  test('a retransmission is counted and not delivered again', () => {
    const { log, line, client, connection } = established();
    client.send('once');
    line.at(SECOND);
    client.again();
    expect(log.lines).toEqual(['1 forward "once"']);
    expect(connection().forward).toMatchObject({ retransmissions: 1, octets: 4, lastOctet: { frame: 4 } });
  });

  test('of a segment that repeats and goes on, only what is new is delivered', () => {
    const { log, client, connection } = established();
    client.send('abc');
    client.send('abcdef', { seq: client.seq - 3 });
    expect(log.lines).toEqual(['1 forward "abc"', '1 forward "def"']);
    expect(connection().forward.retransmissions).toBe(0);
  });

  test('keep-alive probes, with and without an octet, are neither octets nor retransmissions', () => {
    const { log, client, server, connection } = established();
    client.send('x');
    server.ack();
    client.keepAlive();
    client.keepAlive({ content: '\0' });
    expect(log.lines).toEqual(['1 forward "x"']);
    expect(connection().forward).toMatchObject({ retransmissions: 0, octets: 1 });
  });

  test('a zero-window probe is delivered once, its repetitions are no retransmissions', () => {
    const { log, line, client, server, connection } = established();
    server.ack({ window: 0 });
    client.send('a');
    line.at(SECOND);
    client.again();
    line.at(2 * SECOND);
    server.ack({ window: 1000, ack: client.seq - 1 });
    client.send('abc', { seq: client.seq - 1 });
    expect(log.stream(1, 'forward')).toBe('abc');
    expect(connection().forward.retransmissions).toBe(0);
  });
});

describe('out of order', () => {
  test('octets wait behind a hole until it is filled', () => {
    const { log, line, client, connection } = established();
    const late = line.withhold(() => client.send('ab'));
    client.send('cd');
    client.send('ef');
    expect(log.lines).toEqual([]);
    expect(connection().forward).toMatchObject({ octets: 6, firstOctet: { frame: 4 }, lastOctet: { frame: 5 } });
    for (const each of late) line.feed(each);
    expect(log.lines).toEqual(['1 forward "ab"', '1 forward "cd"', '1 forward "ef"']);
    expect(log.moments.at(-1)).toMatchObject({ frame: 6 });
    expect(connection()).toMatchObject({ incomplete: false, forward: { missing: 0, retransmissions: 0 } });
  });

  test('where two segments carry the same octets, the first copy wins', () => {
    const { log, client } = established();
    const base = client.seq;
    client.send('CD', { seq: base + 2 });
    client.send('bcde', { seq: base + 1 });
    client.send('abcdef', { seq: base });
    expect(log.stream(1, 'forward')).toBe('abCDef');
  });

  test('a retransmission of what is held is counted', () => {
    const { line, client, connection } = established();
    lose(line, () => client.send('ab'));
    client.send('cd');
    line.at(SECOND);
    client.again();
    expect(connection().forward.retransmissions).toBe(1);
  });

  test('FIN before its time waits for the octets before it', () => {
    const { log, line, client, connection } = established();
    const late = line.withhold(() => client.send('bye'));
    client.fin();
    expect(log.lines).toEqual([]);
    expect(connection().forward.fin).toMatchObject({ frame: 4 });
    for (const each of late) line.feed(each);
    expect(log.lines).toEqual(['1 forward "bye"', '1 forward finished']);
  });
});

describe('a hole', () => {
  test('that is not acknowledged stays open, however long', () => {
    const { log, line, tracker, client } = established();
    lose(line, () => client.send('ab'));
    for (let n = 0; n < 40; n++) client.send('cd');
    tracker.tick(60 * SECOND);
    expect(log.lines).toEqual([]);
  });

  test('is lost after some more segments once the other side acknowledged beyond it', () => {
    const { log, line, client, server, connection } = established();
    lose(line, () => client.send('ab'));
    client.send('cd');
    server.ack();
    for (let n = 2; n < REORDER_SEGMENTS; n++) server.send('.');
    expect(log.lines.filter((each) => each.includes('forward'))).toEqual([]);
    server.send('!');
    expect(log.lines.slice(-2)).toEqual(['1 forward gap 2 lost', '1 forward "cd"']);
    expect(connection()).toMatchObject({ incomplete: true, forward: { missing: 2, octets: 4, acknowledged: 4 } });
  });

  test('is lost when its time is up, at the next segment or tick', () => {
    for (const how of ['segment', 'tick']) {
      const { log, line, tracker, client, server } = established();
      line.at(SECOND);
      lose(line, () => client.send('ab'));
      server.ack();
      if (how === 'tick') tracker.tick(SECOND + 2 * REORDER_TIME);
      else {
        line.at(SECOND + 2 * REORDER_TIME);
        server.ack();
      }
      expect(log.lines).toEqual(['1 forward gap 2 lost']);
    }
  });

  test('is not lost where the capture brings the octets a little after their acknowledgement', () => {
    const { log, line, client, server, connection } = established();
    const late = line.withhold(() => {
      client.send('ab');
      client.send('cd');
    });
    server.ack();
    server.send('1');
    for (const each of late.reverse()) line.feed(each);
    expect(log.lines).toEqual(['1 reverse "1"', '1 forward "ab"', '1 forward "cd"']);
    expect(connection()).toMatchObject({ holes: 0, incomplete: false });
  });

  test('of which only a part was acknowledged is given up no further', () => {
    const { log, line, tracker, client, server } = established();
    lose(line, () => client.send('ab'));
    client.send('cd');
    server.ack();
    lose(line, () => client.send('ef'));
    client.send('gh');
    tracker.tick(SECOND);
    expect(log.lines).toEqual(['1 forward gap 2 lost', '1 forward "cd"']);
    server.ack();
    tracker.tick(2 * SECOND);
    expect(log.lines.slice(2)).toEqual(['1 forward gap 2 lost', '1 forward "gh"']);
  });

  test('filled after it was declared is not delivered again', () => {
    const { log, line, tracker, client, server, connection } = established();
    const late = line.withhold(() => client.send('ab'));
    server.ack();
    tracker.tick(SECOND);
    line.at(2 * SECOND);
    for (const each of late) line.feed(each);
    client.send('cd');
    expect(log.lines).toEqual(['1 forward gap 2 lost', '1 forward "cd"']);
    expect(connection().forward.retransmissions).toBe(1);
  });

  test('is declared at once by a RST, and what is behind it comes first', () => {
    const { log, line, client, server } = established();
    lose(line, () => client.send('ab'));
    client.send('cd');
    server.rst();
    expect(log.lines).toEqual(['1 forward gap 2 lost', '1 forward "cd"', '1 reverse reset']);
  });

  test('is declared when the connection is forgotten, with the FIN behind it', () => {
    const { log, line, tracker, client } = established();
    lose(line, () => client.send('ab'));
    client.fin({ content: 'cd' });
    tracker.end(SECOND);
    expect(log.lines).toEqual(['1 forward gap 2 lost', '1 forward "cd"', '1 forward finished', '1 forgotten end']);
  });

  test('of one octet stays where the capture lost a FIN: nobody can tell', () => {
    const { log, line, tracker, client, server } = established();
    lose(line, () => client.fin());
    server.ack();
    tracker.tick(SECOND);
    expect(log.lines).toEqual(['1 forward gap 1 lost']);
  });

  test('an acknowledged FIN behind a hole ends the stream and the life in order', () => {
    const { log, line, tracker, client, server, connection } = established();
    lose(line, () => client.send('ab'));
    client.fin();
    server.ack();
    tracker.tick(SECOND);
    expect(log.lines).toEqual(['1 forward gap 2 lost', '1 forward finished']);
    expect(connection()).toMatchObject({ state: 'FIN-WAIT-2', holes: 0, forward: { acknowledged: 2 } });
  });
});

describe('one direction only', () => {
  test('octets that are only acknowledged are a gap', () => {
    const { log, line, tracker, client, server } = scene();
    client.syn();
    lose(line, () => server.synAck());
    client.ack();
    lose(line, () => server.send('not seen'));
    client.ack();
    tracker.tick(SECOND);
    expect(log.lines.slice(1)).toEqual(['1 established', '1 reverse gap 8 lost']);
  });

  test('a hole that nobody can acknowledge is lost after a while', () => {
    const { log, line, tracker, client } = scene();
    client.seq = 5000;
    client.send('ab');
    lose(line, () => client.send('cd'));
    client.fin({ content: 'ef' });
    tracker.tick(SECOND / 2);
    expect(log.lines).toHaveLength(2);
    tracker.tick(2 * SECOND);
    expect(log.lines.slice(2)).toEqual(['1 forward gap 2 lost', '1 forward "ef"', '1 forward finished']);
  });

  test('midstream, a guess from an acknowledgement gives way to the first octet seen', () => {
    const { log, line, client, server, connection } = scene();
    client.seq = 1000;
    server.seq = 9000;
    client.send('ask');
    lose(line, () => server.send('12'));
    server.send('345');
    expect(log.lines.slice(1)).toEqual(['1 forward "ask"', '1 reverse "345"']);
    expect(connection().reverse).toMatchObject({ octets: 3, acknowledged: 0, missing: 0 });
  });
});

describe('cut by the snap length', () => {
  test('what is held is delivered, the rest is a gap at once', () => {
    const { log, line, client, server, connection } = established();
    line.snap = 4;
    client.send('abcdefgh');
    client.send('ij');
    server.send('12345');
    expect(log.lines).toEqual([
      '1 forward "abcd"',
      '1 forward gap 4 cut',
      '1 forward "ij"',
      '1 reverse "1234"',
      '1 reverse gap 1 cut',
    ]);
    expect(connection()).toMatchObject({ incomplete: false, forward: { octets: 10, missing: 4 } });
  });

  test('to nothing at all', () => {
    const { log, line, client } = established();
    line.snap = 0;
    client.send('abc');
    expect(log.lines).toEqual(['1 forward gap 3 cut']);
  });

  test('out of order', () => {
    const { log, line, client } = established();
    line.snap = 1;
    const late = line.withhold(() => client.send('ab'));
    client.send('cd');
    for (const each of late) line.feed(each);
    expect(log.stream(1, 'forward')).toBe('a.c.');
  });

  test('and the part that repeats lies before the cut', () => {
    const { log, line, client } = established();
    client.send('ab');
    line.snap = 1;
    client.send('abcd', { seq: client.seq - 2 });
    expect(log.lines.slice(1)).toEqual(['1 forward gap 2 cut']);
  });
});

describe('limits', () => {
  test('more held octets than one stream may hold: the hole before them is given up', () => {
    const { log, line, client, tracker, connection } = established({}, { heldPerStream: 1000 });
    lose(line, () => client.send('ab'));
    client.send('x'.repeat(500));
    expect(log.lines).toEqual([]);
    client.send('y'.repeat(500));
    expect(log.lines[0]).toBe('1 forward gap 2 limit');
    expect(log.stream(1, 'forward')).toHaveLength(1002);
    expect(tracker.counters).toMatchObject({ overLimit: 2, lost: 0 });
    expect(connection().incomplete).toBe(true);
  });

  test('many tiny segments count for what they cost', () => {
    const { log, line, client } = established({}, { heldPerStream: 10_000 });
    lose(line, () => client.send('ab'));
    for (let n = 0; n < 200; n++) client.send('x');
    expect(log.lines[0]).toBe('1 forward gap 2 limit');
  });

  test('more held octets than all may hold: the oldest holder gives up', () => {
    const { log, line, client } = established({}, { heldInAll: 1500 });
    const other = line.conversation({ client: '10.0.0.1:40001' });
    other.handshake();
    lose(line, () => client.send('ab'));
    client.send('x'.repeat(700));
    lose(line, () => other.client.send('cd'));
    log.take();
    other.client.send('y'.repeat(700));
    expect(log.lines).toEqual(['1 forward gap 2 limit', `1 forward "${'x'.repeat(700)}"`]);
  });

  test('octets that lie beyond any window are not held', () => {
    const { log, tracker, client, server } = established();
    client.send('x', { seq: client.seq + SEQ_REACH + 1 });
    client.fin({ seq: client.seq + SEQ_REACH + 10 });
    server.ack({ ack: client.seq + SEQ_REACH + 50 });
    expect(log.lines).toEqual([]);
    expect(tracker.counters.implausible).toBe(3);
  });

  test('octets after the FIN are nobody’s, and a FIN before octets is not believed', () => {
    const { log, tracker, client, server } = established();
    server.send('ab');
    server.fin({ seq: server.seq - 1, flags: FIN | 16 });
    client.fin();
    client.send('more');
    expect(log.lines).toEqual(['1 reverse "ab"', '1 forward finished']);
    expect(tracker.counters.implausible).toBe(2);
  });

  test('a segment that holds more octets than it says is read as long as it says', () => {
    const { log, line, client } = established();
    line.feed(segment({ seq: client.seq, ack: 5001, content: 'abcdef', length: 2 }));
    expect(log.lines).toEqual(['1 forward "ab"']);
  });

  test('time that runs backwards gives nothing up', () => {
    const { log, line, client, server } = established();
    line.at(10 * SECOND);
    client.send('a');
    line.at(5 * SECOND);
    lose(line, () => client.send('b'));
    server.ack();
    line.at(5 * SECOND + MILLISECOND);
    server.ack();
    expect(log.lines).toEqual(['1 forward "a"']);
  });
});

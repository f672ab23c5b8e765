import { describe, expect, test } from 'vitest';
import { addressText } from '../../src/model/endpoint.ts';
import { ACK, FIN, RST, type Segment, SYN, type Unreachable } from '../../src/model/segment.ts';
import { Line, segment, socket, words } from './segments.ts';

interface Seen {
  readonly segment: Segment;
  readonly text: string;
}

function recorder() {
  const seen: Seen[] = [];
  const kept: Segment[] = [];
  const unreachables: Unreachable[] = [];
  return {
    seen,
    kept,
    unreachables,
    segment(lent: Segment): void {
      const { bytes, start, end } = lent.octets;
      seen.push({
        segment: { ...lent, octets: { ...lent.octets } },
        text: new TextDecoder().decode(bytes.slice(start, end)),
      });
      kept.push(lent);
    },
    unreachable(lent: Unreachable): void {
      unreachables.push({ ...lent });
    },
  };
}

describe('segments of the kit', () => {
  test('addresses are read as they are written', () => {
    for (const text of ['10.0.0.1', '255.255.255.255', '::1', '2001:db8::ff:0:1', 'fe80::']) {
      expect(addressText(words(text))).toBe(text);
    }
    expect(socket('[::1]:443')).toEqual({ address: words('::1'), port: 443 });
  });

  test('a conversation keeps seq and ack right', () => {
    const sink = recorder();
    const line = new Line(sink);
    const { client, server, handshake } = line.conversation({ clientIsn: 0xffffffff, serverIsn: 10 });
    handshake();
    client.send('GET /');
    server.send('502');
    server.fin();
    client.fin();
    const short = sink.seen.map(({ segment: s, text }) => [s.flags & (SYN | FIN | RST | ACK), s.seq, s.ack, text]);
    expect(short).toEqual([
      [SYN, 0xffffffff, 0, ''],
      [SYN | ACK, 10, 0, ''],
      [ACK, 0, 11, ''],
      [ACK, 0, 11, 'GET /'],
      [ACK, 11, 5, '502'],
      [FIN | ACK, 14, 5, ''],
      [FIN | ACK, 5, 15, ''],
    ]);
    expect(sink.seen.map(({ segment: s }) => s.frame)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  test('a RST to a SYN acknowledges it with seq 0, as Linux does', () => {
    const sink = recorder();
    const { client, server } = new Line(sink).conversation({ clientIsn: 77 });
    client.syn();
    server.rst();
    expect(sink.seen[1]?.segment).toMatchObject({ flags: RST | ACK, seq: 0, ack: 78, ipId: 0 });
  });

  test('what is fed is overwritten after the call', () => {
    const sink = recorder();
    new Line(sink).feed(segment({ content: 'abc' }));
    expect(sink.seen[0]?.text).toBe('abc');
    expect(sink.kept[0]?.octets.bytes[7]).toBe(0xdd);
    expect(sink.kept[0]?.source.w3).toBe(-1);
  });

  test('withheld segments can be fed later, copied or cut', () => {
    const sink = recorder();
    const line = new Line(sink);
    const { client } = line.conversation();
    const late = line.withhold(() => client.send('one'));
    line.at(5000);
    client.send('two');
    for (const each of late) line.feed(each);
    line.copy({ interfaceId: 1 });
    line.snap = 2;
    client.again();
    expect(sink.seen.map(({ text }) => text)).toEqual(['two', 'one', 'one', 'tw']);
    expect(sink.seen.map(({ segment: s }) => s.interfaceId)).toEqual([0, 0, 1, 0]);
    expect(sink.seen[0]?.segment.at).toBe(5000);
    const [, first, copy, again] = sink.seen.map(({ segment: s }) => s.ipId);
    expect(copy).toBe(first);
    expect(again).not.toBe(first);
    expect(sink.seen[3]?.segment.length).toBe(3);
  });

  test('an unreachable quotes the sender', () => {
    const sink = recorder();
    const line = new Line(sink);
    const { client } = line.conversation({ client: '[::1]:4000', server: '[::2]:80' });
    client.syn();
    line.unreachable(client, { code: 4 });
    expect(sink.unreachables[0]).toMatchObject({
      version: 6,
      code: 4,
      sourcePort: 4000,
      destinationPort: 80,
      frame: 2,
    });
    expect(sink.seen[0]?.segment.ipId).toBe(-1);
  });
});

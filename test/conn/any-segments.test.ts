/** Properties of the whole station: whatever arrives, in whatever order, adds up; whatever is nonsense breaks nothing. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CONN_LIMITS, type ConnLimits } from '../../src/conn/limits.ts';
import { ConnectionTracker } from '../../src/conn/tracker.ts';
import type { Connection, ConnSink, Direction, Forgotten, GapWhy } from '../../src/model/connection.ts';
import type { Octets } from '../../src/model/octets.ts';
import { ACK, FIN, type Segment, SYN } from '../../src/model/segment.ts';
import { MILLISECOND, SECOND } from '../../src/model/time.ts';
import { Line, lend, type SegmentFields, segment } from '../kit/segments.ts';
import { EventLog } from './event-log.ts';

const DIRECTIONS = ['forward', 'reverse'] as const;

/** Octets whose value tells where they belong. */
const stream = Uint8Array.from({ length: 4000 }, (_, n) => (n * 31 + (n >> 8)) & 0xff);

interface Piece {
  readonly from: number;
  readonly length: number;
}

/** Cuts `total` octets at the given places. */
function cutAt(places: readonly number[], total: number): Piece[] {
  const ends = [...new Set([...places.map((place) => place % total), total])]
    .filter((end) => end > 0)
    .sort((a, b) => a - b);
  return ends.map((end, n) => ({ from: ends[n - 1] ?? 0, length: end - (ends[n - 1] ?? 0) }));
}

interface Play {
  readonly isn: number;
  readonly total: number;
  readonly cuts: readonly number[];
  /** For every piece how far it is displaced; again and more pieces that overlap others. */
  readonly places: readonly number[];
  readonly extra: readonly Piece[];
  readonly snap: number;
}

const play: fc.Arbitrary<Play> = fc.record({
  isn: fc.oneof(fc.constantFrom(0xffffffff, 0xfffff800, 0x7fffff00, 0), fc.integer({ min: 0, max: 0xffffffff })),
  total: fc.integer({ min: 1, max: 3000 }),
  cuts: fc.array(fc.nat(3000), { maxLength: 25 }),
  places: fc.array(fc.nat(12), { minLength: 60, maxLength: 60 }),
  extra: fc.array(fc.record({ from: fc.nat(2999), length: fc.integer({ min: 1, max: 400 }) }), { maxLength: 12 }),
  snap: fc.constantFrom(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 100),
});

/** The octets of `pieces` as segments after a handshake, displaced by the play. */
function segmentsOf({ isn, total, cuts, places, extra }: Play): SegmentFields[] {
  const wanted = [
    ...cutAt(cuts, total),
    ...extra
      .filter(({ from }) => from < total)
      .map(({ from, length }) => ({ from, length: Math.min(length, total - from) })),
  ];
  const fields = wanted.map(({ from, length }, n) => ({
    seq: (isn + 1 + from) >>> 0,
    ack: 5001,
    ipId: 100 + n,
    content: stream.slice(from, from + length),
  }));
  return fields
    .map((each, n) => ({ each, at: n + (places[n % places.length] ?? 0) }))
    .sort((a, b) => a.at - b.at)
    .map(({ each }) => each);
}

function playOf({ isn, snap }: Play, fields: readonly SegmentFields[], limits: Partial<ConnLimits> = {}) {
  const log = new EventLog();
  const tracker = new ConnectionTracker(log, { ...CONN_LIMITS, ...limits });
  const line = new Line(tracker);
  line.conversation({ clientIsn: isn, serverIsn: 5000 }).handshake();
  line.snap = snap;
  for (const each of fields) line.feed(segment(each));
  return { log, tracker, line };
}

const text = (octets: Uint8Array): string => new TextDecoder('latin1').decode(octets);

/** What was delivered, with dots for gaps, agrees with the octets that were sent. */
function agrees(delivered: string, sent: string): boolean {
  return delivered.length === sent.length && [...delivered].every((each, n) => each === sent[n] || each === '.');
}

describe('one stream', () => {
  test('cut, reordered, repeated or overlapping, its octets come once and in order', () => {
    fc.assert(
      fc.property(play, (each) => {
        const { log, tracker } = playOf(each, segmentsOf(each));
        const sent = text(stream.subarray(0, each.total));
        const delivered = log.stream(1, 'forward');
        if (each.snap === Number.POSITIVE_INFINITY) expect(delivered).toBe(sent);
        else expect(agrees(delivered, sent)).toBe(true);
        const { forward } = log.connections[1] as Connection;
        expect(forward.octets).toBe(each.total);
        expect(tracker.counters).toMatchObject({ lost: 0, overLimit: 0, implausible: 0 });
      }),
      { numRuns: 300 },
    );
  });

  test('with frames lost, octets and gaps add up to what was sent', () => {
    const lossy = fc.tuple(play, fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }), fc.boolean());
    fc.assert(
      fc.property(lossy, ([each, lost, acknowledged]) => {
        const seen = segmentsOf(each).filter((_, n) => !lost[n % lost.length]);
        const { log, tracker, line } = playOf(each, seen);
        const fin = { seq: (each.isn + 1 + each.total) >>> 0, ack: 5001, flags: FIN | ACK };
        line.feed(segment(fin));
        if (acknowledged) {
          const from = { from: '10.0.0.2:80', to: '10.0.0.1:40000' };
          line.feed(segment({ ...from, seq: 5001, ack: (fin.seq + 1) >>> 0 }));
          tracker.tick(10 * SECOND);
          expect(log.lines.at(-1)).toBe('1 forward finished');
        }
        tracker.end(20 * SECOND);
        const sent = text(stream.subarray(0, each.total));
        expect(agrees(log.stream(1, 'forward'), sent)).toBe(true);
        const { forward, incomplete } = log.connections[1] as Connection;
        const { lost: octetsLost, cut } = tracker.counters;
        expect(forward).toMatchObject({ octets: each.total, missing: octetsLost + cut });
        expect(incomplete).toBe(octetsLost > 0);
      }),
      { numRuns: 300 },
    );
  });

  test('held within a limit, still adds up', () => {
    fc.assert(
      fc.property(play, fc.integer({ min: 1, max: 3000 }), (each, heldPerStream) => {
        const { log, tracker } = playOf(each, segmentsOf(each), { heldPerStream, heldInAll: heldPerStream + 200 });
        tracker.end(SECOND);
        expect(agrees(log.stream(1, 'forward'), text(stream.subarray(0, each.total)))).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  test('every frame seen twice is the same stream, without a retransmission more', () => {
    fc.assert(
      fc.property(play, (each) => {
        const fields = segmentsOf(each);
        const once = playOf(each, fields);
        const twice = playOf(
          each,
          fields.flatMap((one) => [one, { ...one, interfaceId: 1 }]),
        );
        expect(twice.log.lines).toEqual(once.log.lines);
        const facts = (log: EventLog) => (log.connections[1] as Connection).forward.retransmissions;
        expect(facts(twice.log)).toBe(facts(once.log));
      }),
      { numRuns: 100 },
    );
  });
});

/** Checks the promises of ConnSink as the calls arrive. */
class Promises implements ConnSink {
  readonly open = new Map<number, Record<Direction, { octets: number; missing: number; over: boolean }>>();
  forgottenCount = 0;

  opened(connection: Connection): void {
    expect(this.open.has(connection.id)).toBe(false);
    const fresh = () => ({ octets: 0, missing: 0, over: false });
    this.open.set(connection.id, { forward: fresh(), reverse: fresh() });
  }

  established(connection: Connection): void {
    expect(connection.established).toBeDefined();
    expect(connection.refusal).toBeUndefined();
    // A SYN that was sent again after an unreachable got through.
    for (const each of DIRECTIONS) this.#side(connection, each).over = false;
  }

  chunk(connection: Connection, direction: Direction, octets: Octets): void {
    expect(octets.end).toBeGreaterThan(octets.start);
    this.#count(connection, direction, octets.end - octets.start, 0);
  }

  gap(connection: Connection, direction: Direction, length: number, _why: GapWhy): void {
    expect(length).toBeGreaterThan(0);
    this.#count(connection, direction, length, length);
  }

  finished(connection: Connection, direction: Direction): void {
    const side = this.#side(connection, direction);
    expect(side.over).toBe(false);
    expect(connection[direction].octets).toBe(side.octets);
    side.over = true;
  }

  reset(connection: Connection, direction: Direction): void {
    for (const each of DIRECTIONS) this.#side(connection, each).over = true;
    expect(connection[direction].rst).toBeDefined();
  }

  refused(connection: Connection): void {
    for (const each of DIRECTIONS) this.#side(connection, each).over = true;
    expect(connection.refusal).toBeDefined();
  }

  forgotten(connection: Connection, _why: Forgotten): void {
    for (const direction of DIRECTIONS) {
      const side = this.#side(connection, direction);
      const facts = connection[direction];
      expect([facts.octets, facts.missing]).toEqual([side.octets, side.missing]);
      expect(facts.acknowledged).toBeLessThanOrEqual(facts.octets);
    }
    this.open.delete(connection.id);
    this.forgottenCount++;
  }

  #count(connection: Connection, direction: Direction, octets: number, missing: number): void {
    const side = this.#side(connection, direction);
    expect(side.over).toBe(false);
    side.octets += octets;
    side.missing += missing;
  }

  #side(connection: Connection, direction: Direction) {
    const sides = this.open.get(connection.id);
    if (sides === undefined) throw new Error(`connection ${connection.id} is not open`);
    return sides[direction];
  }
}

describe('any segments', () => {
  const number = fc.oneof(
    fc.constantFrom(0, 1, 2, 100, 1000, 0x7fffffff, 0x80000000, 0xffffffff),
    fc.integer({ min: 990, max: 1100 }),
    fc.integer({ min: 0, max: 0xffffffff }),
  );
  const end = fc.constantFrom('10.0.0.1:1', '10.0.0.1:2', '10.0.0.2:1', '[::1]:1', '[::2]:2');
  const fields = fc.record({
    from: end,
    to: end,
    seq: number,
    ack: number,
    flags: fc.oneof(fc.constantFrom(2, 18, 16, 24, 17, 4, 20), fc.nat(255)),
    window: fc.constantFrom(0, 1, 65535),
    ipId: fc.constantFrom(-1, 0, 1, 2),
    content: fc.uint8Array({ maxLength: 30 }),
    beyond: fc.constantFrom(0, 0, 0, 5, 65000),
    after: fc.constantFrom(0, 10, MILLISECOND, 200 * MILLISECOND, 3 * SECOND, 3600 * SECOND, -SECOND),
    what: fc.constantFrom('segment', 'segment', 'segment', 'segment', 'unreachable', 'tick', 'loss'),
  });

  const plain = { ack: 0, window: 0, ipId: -1, content: new Uint8Array(0), beyond: 0, after: 0 } as const;
  const near = { from: '10.0.0.1:1', to: '[::1]:1' } as const;
  const far = { from: '[::1]:1', to: '10.0.0.1:1' } as const;
  const synOctetsAfterRefusal = [
    { ...plain, ...near, seq: 990, flags: SYN, what: 'segment' } as const,
    { ...plain, ...near, seq: 0, flags: SYN, what: 'unreachable' } as const,
    { ...plain, ...far, seq: 0, flags: SYN, content: Uint8Array.of(0), what: 'segment' } as const,
  ];

  test('never break a promise, and are all forgotten in the end', () => {
    const limits = { connections: 4, heldPerStream: 700, heldInAll: 1500 };
    fc.assert(
      fc.property(fc.array(fields, { maxLength: 150 }), (all) => {
        const sink = new Promises();
        const tracker = new ConnectionTracker(sink, limits);
        const line = new Line(tracker);
        let now = SECOND;
        let frame = 0;
        for (const { beyond, after, what, content, ...rest } of all) {
          now += after;
          const made: Segment = segment({ ...rest, content, at: now, frame: ++frame, length: content.length + beyond });
          if (what === 'segment') lend(tracker, made);
          else if (what === 'tick') tracker.tick(now);
          else if (what === 'loss') tracker.loss({ at: now, count: 1, where: 'test' });
          else line.unreachable(line.conversation({ client: rest.from, server: rest.to }).client);
          expect(sink.open.size).toBeLessThanOrEqual(limits.connections);
          expect(tracker.size).toBeLessThanOrEqual(limits.connections);
        }
        tracker.end(now);
        expect(sink.open.size).toBe(0);
        expect(sink.forgottenCount).toBe(tracker.counters.opened);
      }),
      { numRuns: 400, examples: [[synOctetsAfterRefusal]] },
    );
  });
});

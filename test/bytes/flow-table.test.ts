import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FlowTable, hashTuple, PROBE_LIMIT } from '../../src/bytes/flow-table.ts';
import type { AddressWords } from '../../src/model/segment.ts';

const v4 = (w3: number): AddressWords => ({ w0: 0, w1: 0, w2: 0xffff, w3 });

interface Flow {
  readonly source: AddressWords;
  readonly sourcePort: number;
  readonly destination: AddressWords;
  readonly destinationPort: number;
}

const find = (table: FlowTable, f: Flow): number =>
  table.find(f.source, f.sourcePort, f.destination, f.destinationPort);
const add = (table: FlowTable, f: Flow): number => table.add(f.source, f.sourcePort, f.destination, f.destinationPort);
const turned = (f: Flow): Flow => ({
  source: f.destination,
  sourcePort: f.destinationPort,
  destination: f.source,
  destinationPort: f.sourcePort,
});
const key = (f: Flow): string =>
  [f.source, f.destination].map((a) => `${a.w0}.${a.w1}.${a.w2}.${a.w3}`).join('|') +
  `|${f.sourcePort}|${f.destinationPort}`;

// Few values, so that flows that differ in one word only, turned flows and repeated flows are common.
const word = fc.constantFrom(0, 1, 0xffff, 0x7f000001, 0x80000000, 0xffffffff);
const address = fc.oneof(word.map(v4), fc.record({ w0: word, w1: word, w2: word, w3: word }));
const port = fc.constantFrom(0, 1, 80, 0x7fff, 0x8000, 0xffff);
const flow: fc.Arbitrary<Flow> = fc.record({
  source: address,
  sourcePort: port,
  destination: address,
  destinationPort: port,
});

describe('flow table', () => {
  test('finds a tuple from either side and says which', () => {
    const table = new FlowTable(10);
    const one = { source: v4(1), sourcePort: 1000, destination: v4(2), destinationPort: 80 };
    const slot = add(table, one);
    expect(find(table, one)).toBe(slot * 2);
    expect(find(table, turned(one))).toBe(slot * 2 + 1);
    expect(find(table, { ...one, sourcePort: 1001 })).toBe(-1);
    expect(table.words(slot, 'source')).toEqual(v4(1));
    expect(table.port(slot, 'destination')).toBe(80);
  });

  test('an IPv6 address whose last word is an IPv4 address is another address', () => {
    const table = new FlowTable(10);
    const one = { source: v4(1), sourcePort: 1000, destination: v4(2), destinationPort: 80 };
    add(table, one);
    expect(find(table, { ...one, source: { w0: 0x20010db8, w1: 0, w2: 0xffff, w3: 1 } })).toBe(-1);
  });

  test('takes no more than its limit, and again after a removal', () => {
    const table = new FlowTable(3);
    const flows = [1, 2, 3, 4].map((w3) => ({ source: v4(w3), sourcePort: 1, destination: v4(9), destinationPort: 2 }));
    const slots = flows.map((f) => add(table, f));
    expect(slots.slice(0, 3).every((slot) => slot >= 0)).toBe(true);
    expect(slots[3]).toBe(-1);
    table.remove(slots[1] as number);
    expect(add(table, flows[3] as Flow)).toBe(slots[1]);
  });

  test('does what a Map does', () => {
    const step = fc.record({ flow, what: fc.constantFrom('add', 'add', 'remove', 'find') });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), fc.integer(), (steps, seed) => {
        const table = new FlowTable(1000, seed);
        const model = new Map<string, number>();
        for (const { flow: f, what } of steps) {
          const forward = model.get(key(f));
          const reverse = model.get(key(turned(f)));
          const expected = forward !== undefined ? forward * 2 : reverse !== undefined ? reverse * 2 + 1 : -1;
          expect(find(table, f)).toBe(expected);
          if (what === 'add' && expected < 0) {
            const slot = add(table, f);
            expect([...model.values()]).not.toContain(slot);
            model.set(key(f), slot);
          } else if (what === 'remove' && expected >= 0) {
            table.remove(expected >> 1);
            model.delete(forward !== undefined ? key(f) : key(turned(f)));
          }
          expect(table.size).toBe(model.size);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('keeps every entry while it grows and shrinks by thousands', () => {
    const table = new FlowTable(1 << 16);
    const at = (n: number): Flow => ({
      source: v4(0x0a000000 + (n >> 8)),
      sourcePort: 1024 + (n & 0xff) * 7,
      destination: v4(0x0a0000fe),
      destinationPort: 80,
    });
    const slots = Array.from({ length: 40_000 }, (_, n) => add(table, at(n)));
    for (let n = 0; n < slots.length; n += 2) table.remove(slots[n] as number);
    for (let n = 0; n < slots.length; n++) {
      expect(find(table, at(n))).toBe(n % 2 === 0 ? -1 : (slots[n] as number) * 2);
    }
    expect(table.size).toBe(20_000);
  });

  test('refuses entries that collide too often, and finds the others still', () => {
    const seed = 7;
    // Ports of one address pair whose entries share a place: found by trying, as somebody who knew the seed could.
    const colliding: Flow[] = [];
    for (let n = 0; colliding.length < PROBE_LIMIT + 20; n++) {
      const f = { source: v4(n >>> 8), sourcePort: n & 0xff, destination: v4(77), destinationPort: 80 };
      const hash = hashTuple(f.source, f.sourcePort, f.destination, f.destinationPort, seed);
      if ((hash & 2047) === 5) colliding.push(f);
    }
    const table = new FlowTable(1 << 16, seed);
    const slots = colliding.map((f) => add(table, f));
    expect(slots.filter((slot) => slot >= 0)).toHaveLength(PROBE_LIMIT);
    expect(slots.slice(PROBE_LIMIT).every((slot) => slot === -1)).toBe(true);
    colliding.slice(0, PROBE_LIMIT).forEach((f, n) => {
      expect(find(table, f)).toBe((slots[n] as number) * 2);
    });
    expect(find(table, colliding.at(-1) as Flow)).toBe(-1);
  });

  test('finds what growing moved further from home than adding may', () => {
    const seed = 7;
    const places = (many: number, fits: (hash: number) => boolean): Flow[] => {
      const flows: Flow[] = [];
      for (let n = 0; flows.length < many; n++) {
        const f = { source: v4(n >>> 8), sourcePort: n & 0xff, destination: v4(78), destinationPort: 80 };
        if (fits(hashTuple(f.source, f.sourcePort, f.destination, f.destinationPort, seed))) flows.push(f);
      }
      return flows;
    };
    // A run that crosses the end of the table, another behind it, and enough others to make the table grow.
    const flows = [
      ...places(100, (hash) => (hash & 4095) === 4048),
      ...places(90, (hash) => (hash & 4095) === 40),
      ...places(850, (hash) => (hash & 2047) > 300 && (hash & 2047) < 1900),
    ];
    const table = new FlowTable(1 << 16, seed);
    const slots = flows.map((f) => add(table, f));
    flows.forEach((f, n) => {
      expect(find(table, turned(f))).toBe((slots[n] as number) * 2 + 1);
    });
    for (const slot of slots) table.remove(slot);
    expect(table.size).toBe(0);
  });
});

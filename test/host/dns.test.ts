import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readDns } from '../../src/host/dns.ts';
import { octetsOf } from '../../src/model/octets.ts';
import { dns } from './dns-messages.ts';

const read = (octets: ArrayLike<number>) => readDns(octetsOf(Uint8Array.from(octets)));

describe('a DNS message', () => {
  test('asks', () => {
    expect(read(dns({ id: 0xabcd, name: 'php.internal', type: 28 }))).toEqual({
      id: 0xabcd,
      answer: false,
      rcode: 0,
      name: 'php.internal',
      type: 28,
      addresses: 0,
    });
  });

  test('answers: only A and AAAA are addresses', () => {
    expect(read(dns({ answer: true, records: [5, 1, 28, 16, 1] }))).toMatchObject({ answer: true, addresses: 3 });
    expect(read(dns({ answer: true, rcode: 3 }))).toMatchObject({ rcode: 3, addresses: 0 });
  });

  test('is read inside a larger buffer', () => {
    const message = dns({ name: 'x' });
    const bytes = Uint8Array.from([9, 9, 9, ...message, 9]);
    expect(readDns({ ...octetsOf(bytes), start: 3, end: 3 + message.length })?.name).toBe('x');
  });

  test('may ask for the root, and for octets that no host is named with', () => {
    expect(read(dns({ name: '' }))?.name).toBe('');
    const odd = dns({ name: 'aXb' });
    expect(read(odd.map((octet) => (octet === 0x58 ? 0x1b : octet)))?.name).toBe('a\\027b');
    expect(read(odd.map((octet) => (octet === 0x58 ? 0x2e : octet)))?.name).toBe('a\\.b');
  });

  test('whose answer has a name that breaks off counts what came before', () => {
    const twice = dns({ answer: true, records: [1, 1] });
    const second = twice.length - 16;
    expect(read(twice.with(second, 0x80))).toMatchObject({ addresses: 1 });
    expect(read(twice.with(second, 63))).toMatchObject({ addresses: 1 });
    expect(read(twice.with(5, 2))).toMatchObject({ addresses: 0 });
  });

  test('cut anywhere gives nothing or what was there, and never more addresses', () => {
    const whole = dns({ answer: true, records: [1, 28, 1] });
    const question = dns().length;
    for (let length = 0; length < whole.length; length++) {
      const message = read(whole.slice(0, length));
      if (length < question) expect(message).toBeUndefined();
      else expect(message).toMatchObject({ name: 'php.internal' });
      expect(message?.addresses ?? 0).toBeLessThanOrEqual(3);
    }
  });

  test('without a question, or whose name never ends, is none', () => {
    expect(read([0, 1, 0x81, 0, 0, 0, 0, 0, 0, 0, 0, 0])).toBeUndefined();
    const header = [0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0];
    expect(read([...header, 0xc0, 12, 0, 1, 0, 1])).toBeUndefined();
    expect(read([...header, 0xc0, 14, 0xc0, 12, 0, 1, 0, 1])).toBeUndefined();
    expect(read([...header, 0x80, 1, 0, 0, 1, 0, 1])).toBeUndefined();
    expect(
      read([
        ...header,
        ...Array.from({ length: 5 }, () => [63, ...new Array<number>(63).fill(97)]).flat(),
        0,
        0,
        1,
        0,
        1,
      ]),
    ).toBeUndefined();
  });

  test('of any octets is read without throwing, for every length', () => {
    const some = fc.oneof(fc.uint8Array({ maxLength: 80 }), fc.constant(dns({ answer: true, records: [1, 5, 28] })));
    const change = fc.array(fc.tuple(fc.nat(80), fc.constantFrom(0, 1, 0x3f, 0xc0, 0xff, 12)), { maxLength: 6 });
    fc.assert(
      fc.property(some, change, (octets, changes) => {
        const changed = octets.slice();
        for (const [at, value] of changes) if (at < changed.length) changed[at] = value;
        const message = read(changed);
        expect(message?.name.length ?? 0).toBeLessThan(4 * 255);
      }),
      { numRuns: 500 },
    );
  });
});

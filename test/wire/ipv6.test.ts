import { describe, expect, test } from 'vitest';
import { MAX_EXTENSION_HEADERS } from '../../src/wire/ipv6.ts';
import { concat, ipv6, octets, tcp, u32, wrap } from '../kit/packets.ts';
import { decode } from './decoded.ts';

const HOP_BY_HOP = 0;
const ROUTING = 43;
const FRAGMENT = 44;
const DESTINATION = 60;

const extension = (next: number, words = 0): Uint8Array => concat(octets(next, words), new Uint8Array(6 + words * 8));
const raw = (packet: Uint8Array) => decode(packet, { link: 'raw' });

describe('extension headers', () => {
  test('are passed over, whatever their length', () => {
    const options = concat(extension(ROUTING, 1), extension(DESTINATION, 2), extension(6));
    expect(raw(ipv6({ protocol: HOP_BY_HOP, options }, tcp({}, 'GET'))).said).toMatchObject([
      { octets: 'GET', length: 3 },
    ]);
  });

  test('are followed up to a limit', () => {
    const chain = (count: number): Uint8Array =>
      concat(...Array.from({ length: count }, (_, n) => extension(n === count - 1 ? 6 : DESTINATION)));
    const packet = (count: number) => ipv6({ protocol: DESTINATION, options: chain(count) }, tcp());
    expect(raw(packet(MAX_EXTENSION_HEADERS)).outcome).toBe('segments');
    expect(raw(packet(MAX_EXTENSION_HEADERS + 1)).outcome).toBe('malformed ipv6');
  });

  test('that are cut off are malformed, or cut where the wire had them', () => {
    const packet = ipv6({ protocol: ROUTING, options: extension(6, 4) }, tcp());
    expect(raw(packet.subarray(0, 60)).outcome).toBe('malformed ipv6');
    expect(decode(packet.subarray(0, 60), { link: 'raw', wireLength: packet.length }).outcome).toBe('cut');
    expect(decode(packet.subarray(0, 44), { link: 'raw', wireLength: packet.length }).outcome).toBe('cut');
  });

  test('no next header is a protocol that is not ours', () => {
    expect(raw(ipv6({ protocol: 59 }, octets())).outcome).toBe('otherProtocol');
  });
});

describe('fragments', () => {
  const fragment = (word: number): Uint8Array =>
    ipv6({ protocol: FRAGMENT, options: octets(6, 0, word >> 8, word & 0xff, 0, 0, 0, 9) }, tcp({}, 'GET'));

  test.each([0x0001, 0x0009, 0x0008])('with offset and more-bit %i are counted', (word) => {
    expect(raw(fragment(word)).outcome).toBe('fragments');
  });

  test('an atomic fragment is a whole packet (RFC 6946)', () => {
    expect(raw(fragment(0)).said).toMatchObject([{ octets: 'GET' }]);
  });
});

describe('lengths', () => {
  const payload = 'x'.repeat(79_968);

  test('a jumbo payload option tells the length (BIG TCP)', () => {
    const jumbo = concat(octets(6, 0, 0xc2, 4), u32(8 + 20 + payload.length));
    const frame = wrap({}, ipv6({ protocol: HOP_BY_HOP, options: jumbo, length: 0 }, tcp({}, payload)));
    const padded = concat(frame, octets(1, 2, 3));
    expect(decode(padded).said).toMatchObject([{ length: payload.length }]);
    expect(decode(frame.subarray(0, 128), { wireLength: frame.length }).said).toMatchObject([
      { length: payload.length },
    ]);
  });

  test('a length of 0 without the option means as long as the frame', () => {
    expect(raw(ipv6({ length: 0 }, tcp({}, payload))).said).toMatchObject([{ length: payload.length }]);
    const noJumbo = octets(6, 0, 0, 1, 2, 0, 0, 0);
    expect(raw(ipv6({ protocol: HOP_BY_HOP, options: noJumbo, length: 0 }, tcp({}, 'ab'))).said).toMatchObject([
      { length: 2 },
    ]);
  });

  test('a hop-by-hop header with length 0 that is cut off is read as far as it goes', () => {
    const packet = ipv6({ protocol: HOP_BY_HOP, options: extension(6), length: 0 }, tcp());
    expect(raw(packet.subarray(0, 44)).outcome).toBe('malformed ipv6');
  });

  test('what follows the payload length is padding', () => {
    const packet = ipv6({}, tcp({}, 'GET'));
    expect(raw(concat(packet, octets(9, 9, 9))).said).toMatchObject([{ octets: 'GET', length: 3 }]);
  });
});

test('another version is malformed', () => {
  expect(decode(octets(0x40, ...new Array<number>(39).fill(0)), { link: 'ipv6' }).outcome).toBe('malformed ipv6');
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { octetsOf } from '../../src/model/octets.ts';
import type { Frame } from '../../src/model/source-record.ts';
import { readPlainTcp } from '../../src/wire/plain-tcp.ts';
import { LINK_TYPES, type Link, tcpFrame } from '../kit/packets.ts';
import { segment } from '../kit/segments.ts';
import { decode } from './decoded.ts';

const HEADERS = { ethernet: 14, sll: 16, sll2: 20 } as const;
type PlainLink = keyof typeof HEADERS;
const LINKS = Object.keys(HEADERS) as PlainLink[];

function frameOf(bytes: Uint8Array, link: Link, wireLength = bytes.length): Frame {
  return { number: 7, at: 1234.5, linkType: LINK_TYPES[link], interfaceId: 3, octets: octetsOf(bytes), wireLength };
}

function reads(bytes: Uint8Array, link: Link = 'ethernet', wireLength?: number): boolean {
  return readPlainTcp(frameOf(bytes, link, wireLength), segment());
}

/** Frames, some of them spoilt in one octet of their headers, some cut. */
const frame = fc.record({
  link: fc.constantFrom(...LINKS),
  ttl: fc.integer({ min: 0, max: 255 }),
  payload: fc.uint8Array({ maxLength: 40 }),
  options: fc.constantFrom(new Uint8Array(0), new Uint8Array(12).fill(1)),
  pad: fc.boolean(),
  spoilt: fc.option(fc.record({ at: fc.nat(60), octet: fc.integer({ min: 0, max: 255 }) })),
  cut: fc.nat(30),
});

test('whatever it reads the walk reads in the same way', () => {
  let plain = 0;
  fc.assert(
    fc.property(frame, ({ link, spoilt, cut, ...spec }) => {
      const bytes = tcpFrame({ link, seq: 0x9000_0000, ...spec });
      if (spoilt && spoilt.at < bytes.length) bytes[spoilt.at] = spoilt.octet;
      const held = bytes.subarray(0, bytes.length - cut);
      if (!reads(held, link, bytes.length)) return;
      plain++;
      const { said } = decode(held, { link, wireLength: bytes.length });
      // The same packet without a link layer is none of the lane's.
      const walked = decode(held.subarray(HEADERS[link]), { link: 'raw', wireLength: bytes.length - HEADERS[link] });
      expect(said).toEqual(walked.said);
    }),
  );
  expect(plain).toBeGreaterThan(0);
});

describe('left to the walk', () => {
  test.each(LINKS)('a frame of %s that ends before its headers do', (link) => {
    const bytes = tcpFrame({ link });
    expect(reads(bytes, link)).toBe(true);
    for (let end = 0; end < HEADERS[link] + 40; end++) {
      expect(reads(bytes.subarray(0, end), link, bytes.length)).toBe(false);
    }
  });

  test.each(['vlan', 'raw', 'null', 'loop', 'ipv4'] as const)('the link layer %s', (link) => {
    expect(reads(tcpFrame({ link }), link)).toBe(false);
  });

  test.each([
    ['IP options', 14, 0x46],
    ['a fragment', 14 + 6, 0x20],
    ['another protocol', 14 + 9, 17],
    ['a packet longer than its frame', 14 + 2, 0xff],
    ['a TCP header that is too short', 14 + 20 + 12, 0x40],
    ['a TCP header longer than the packet', 14 + 20 + 12, 0xf0],
  ])('%s', (_, at, octet) => {
    const bytes = tcpFrame({ payload: 'x' });
    bytes[at] = octet;
    expect(reads(bytes)).toBe(false);
  });

  test('a device whose protocol field is no Ethernet type', () => {
    const bytes = tcpFrame({ link: 'sll' });
    bytes.set([0x03, 0x38], 2); // ARPHRD_NETLINK
    expect(reads(bytes, 'sll')).toBe(false);
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FrameDecoder, MAX_TUNNELS } from '../../src/wire/decode.ts';
import {
  arpFrame,
  concat,
  ethernet,
  flagBits,
  ipv4,
  ipv6,
  LINK_TYPES,
  type Link,
  neighbourFrame,
  octets,
  tcp,
  tcpFrame,
  udpFrame,
  unreachableFrame,
  wrap,
} from '../kit/packets.ts';
import { decode, give, keeper, outcomeOf } from './decoded.ts';

const LINKS = Object.keys(LINK_TYPES) as Link[];
const EVERY_LINK_FOR_BOTH = LINKS.filter((link) => link !== 'ipv4' && link !== 'ipv6');

const V6 = { from: '[fd00::1]:40000', to: '[fd00::2]:80' };

describe('a segment', () => {
  test.each(EVERY_LINK_FOR_BOTH)('is found behind the link layer %s, over IPv4 and IPv6', (link) => {
    expect(decode(tcpFrame({ link, payload: 'GET /' }), { link }).said).toMatchObject([
      { octets: 'GET /', source: '10.0.0.1' },
    ]);
    expect(decode(tcpFrame({ link, payload: 'GET /', ...V6 }), { link }).said).toMatchObject([
      { octets: 'GET /', source: 'fd00::1' },
    ]);
  });

  test('is found where the link type says which IP version it is', () => {
    expect(decode(tcpFrame({ link: 'ipv4' }), { link: 'ipv4' }).outcome).toBe('segments');
    expect(decode(tcpFrame({ link: 'ipv6', ...V6 }), { link: 'ipv6' }).outcome).toBe('segments');
    expect(decode(tcpFrame({ link: 'ipv4' }), { link: 'ipv6' }).outcome).toBe('malformed ipv6');
  });

  test('is what was built', () => {
    const port = fc.integer({ min: 0, max: 65_535 });
    const word = fc.integer({ min: 0, max: 0xffff_ffff });
    const spec = fc.record({
      link: fc.constantFrom(...EVERY_LINK_FOR_BOTH),
      six: fc.boolean(),
      ports: fc.tuple(port, port),
      seq: word,
      ack: word,
      flags: fc.constantFrom('SYN', 'SYN ACK', 'FIN ACK', 'RST', 'PSH ACK ECE CWR'),
      window: port,
      ttl: fc.integer({ min: 0, max: 255 }),
      id: port,
      options: fc.constantFrom(new Uint8Array(0), new Uint8Array(12).fill(1), new Uint8Array(40).fill(1)),
      payload: fc.uint8Array({ maxLength: 100 }),
      pad: fc.boolean(),
    });
    fc.assert(
      fc.property(spec, ({ six, ports: [from, to], ...rest }) => {
        const [a, b] = six ? ['fd00::1', 'fd00::2'] : ['10.0.0.1', '10.0.0.2'];
        const ends = six ? { from: `[${a}]:${from}`, to: `[${b}]:${to}` } : { from: `${a}:${from}`, to: `${b}:${to}` };
        const { said, decoder } = decode(tcpFrame({ ...rest, ...ends }), { link: rest.link });
        expect(said).toEqual([
          {
            is: 'segment',
            at: 1234.5,
            frame: 7,
            interfaceId: 3,
            source: a,
            sourcePort: from,
            destination: b,
            destinationPort: to,
            ttl: rest.ttl,
            ipId: six ? -1 : rest.id,
            seq: rest.seq,
            ack: rest.ack,
            flags: flagBits(rest.flags),
            window: rest.window,
            octets: Buffer.from(rest.payload).toString('latin1'),
            length: rest.payload.length,
          },
        ]);
        expect(decoder.counters.shortened).toBe(0);
      }),
    );
  });

  test('that the capture cut has its length on the wire and the octets that are held', () => {
    const frame = tcpFrame({ payload: 'x'.repeat(500) });
    const { said, decoder } = decode(frame.subarray(0, 96), { wireLength: frame.length });
    expect(said).toMatchObject([{ length: 500, octets: 'x'.repeat(42) }]);
    expect(decoder.counters).toMatchObject({ segments: 1, shortened: 1, cut: 0 });
  });
});

describe('tunnels', () => {
  const inner = ipv4({ source: '192.0.2.1', destination: '192.0.2.2', protocol: 6 }, tcp({ seq: 5 }, 'in'));

  test('IPv4 and IPv6 inside either are followed', () => {
    const inner6 = ipv6({ source: 'fd00::1', destination: 'fd00::2', protocol: 6 }, tcp({ seq: 5 }, 'in'));
    for (const [packet, protocol, source] of [
      [inner, 4, '192.0.2.1'],
      [inner6, 41, 'fd00::1'],
    ] as const) {
      expect(decode(wrap({}, ipv4({ protocol }, packet))).said).toMatchObject([{ source, octets: 'in' }]);
      expect(decode(wrap({}, ipv6({ protocol }, packet))).said).toMatchObject([{ source, octets: 'in' }]);
    }
  });

  test('more of them than anybody nests are only counted', () => {
    let packet = inner;
    for (let depth = 0; depth < MAX_TUNNELS; depth++) packet = ipv4({ protocol: 4 }, packet);
    expect(decode(wrap({}, packet)).outcome).toBe('segments');
    expect(decode(wrap({}, ipv4({ protocol: 4 }, packet))).outcome).toBe('otherProtocol');
  });
});

describe('what is not decoded is counted by its reason', () => {
  test.each([
    ['a link type that is not ours', decode(tcpFrame(), { link: 105 }), 'otherLink'],
    ['an Ethernet type that is not ours', decode(ethernet(0x88cc, octets(1, 2))), 'otherEtherType'],
    ['a loopback family that is not ours', decode(octets(7, 0, 0, 0, 1), { link: 'null' }), 'otherEtherType'],
    ['a raw packet of no version', decode(octets(0x10), { link: 'raw' }), 'otherEtherType'],
    ['a protocol that is not ours', decode(wrap({}, ipv4({ protocol: 47 }, octets(1)))), 'otherProtocol'],
    ['ICMPv6 in IPv4', decode(wrap({}, ipv4({ protocol: 58 }, octets(1)))), 'otherProtocol'],
    ['UDP that no resolver speaks', decode(udpFrame({ to: '10.0.0.2:123' })), 'otherDatagram'],
    ['an echo request', decode(wrap({}, ipv4({ protocol: 1 }, octets(8, 0, 0, 0, 0, 0, 0, 0)))), 'otherIcmp'],
    ['a fragment', decode(tcpFrame({ fragment: 0x2000 })), 'fragments'],
    ['a header that the capture cut', decode(tcpFrame().subarray(0, 40), { wireLength: 54 }), 'cut'],
    [
      'a header that the wire cut',
      decode(tcpFrame({ link: 'raw' }).subarray(0, 10), { link: 'raw' }),
      'malformed ipv4',
    ],
  ])('%s', (_, { outcome, said }, expected) => {
    expect(outcome).toBe(expected);
    expect(said).toEqual([]);
  });

  test('the last frame that could not be read is remembered with its reason', () => {
    const decoder = new FrameDecoder(keeper([]));
    expect(decoder.lastMalformed).toBeUndefined();
    give(decoder, tcpFrame({ link: 'vlan' }).subarray(0, 20));
    give(decoder, tcpFrame());
    expect(decoder.lastMalformed).toEqual({
      frame: 7,
      malformed: { layer: 'ipv4', why: 'malformed', offset: 18, text: 'an IPv4 header needs 20 octets' },
    });
    expect(decoder.counters).toMatchObject({ frames: 2, segments: 1 });
  });
});

describe('octets of any kind', () => {
  const whole = [
    ...EVERY_LINK_FOR_BOTH.map((link) => ({ link, frame: tcpFrame({ link, payload: 'GET / HTTP/1.1' }) })),
    ...EVERY_LINK_FOR_BOTH.map((link) => ({ link, frame: tcpFrame({ link, payload: 'GET / HTTP/1.1', ...V6 }) })),
    { link: 'ethernet', frame: udpFrame({ payload: 'question' }) },
    { link: 'ethernet', frame: arpFrame() },
    { link: 'ethernet', frame: neighbourFrame() },
    { link: 'ethernet', frame: unreachableFrame({ quote: ipv4({}, tcp()) }) },
    { link: 'ethernet', frame: unreachableFrame({ from: '[fd00::9]:0', to: '[fd00::1]:0', quote: ipv6({}, tcp()) }) },
    {
      link: 'raw',
      frame: ipv4({ protocol: 41 }, ipv6({ protocol: 0, options: octets(6, 0, 1, 4, 0, 0, 0, 0) }, tcp())),
    },
  ] as const satisfies { link: Link; frame: Uint8Array }[];

  test('every prefix of every frame has one outcome, cut where more was on the wire', () => {
    for (const { link, frame } of whole) {
      for (let end = 0; end < frame.length; end++) {
        const prefix = frame.subarray(0, end);
        expect(decode(prefix, { link, wireLength: frame.length }).outcome).toMatch(
          /^(cut|segments|datagrams|unreachables)$/,
        );
        expect(decode(prefix, { link }).outcome).toMatch(/^(malformed \w+|cut|segments|datagrams|unreachables)$/);
      }
    }
  });

  test('any octets behind any link type have one outcome', () => {
    const link = fc.constantFrom(0, 1, 12, 14, 101, 108, 113, 228, 229, 276, 9);
    fc.assert(
      fc.property(link, fc.uint8Array({ maxLength: 120 }), fc.nat(200), (linkType, frame, more) => {
        expect(decode(frame, { link: linkType, wireLength: frame.length + more }).outcome).not.toBe('');
      }),
      { numRuns: 2000 },
    );
  });

  test('a good frame with some octets changed has one outcome and stays inside its octets', () => {
    const changes = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.constantFrom(...whole), changes, fc.nat(60), ({ link, frame }, list, more) => {
        const changed = concat(frame);
        for (const [at, value] of list) changed[at % changed.length] = value;
        const { said, outcome } = decode(changed, { link, wireLength: changed.length + more });
        expect(outcome).not.toBe('');
        for (const { octets: held } of said) expect(String(held ?? '')).not.toContain('\xaa\xaa\xaa');
      }),
      { numRuns: 3000 },
    );
  });

  test('one decoder reads frame after frame without remembering anything', () => {
    const said: Parameters<typeof keeper>[0] = [];
    const decoder = new FrameDecoder(keeper(said));
    for (const { link, frame } of [...whole, ...whole]) give(decoder, frame, { link });
    expect(said.slice(whole.length)).toEqual(said.slice(0, whole.length));
    expect(outcomeOf(decoder.counters)).toBe('segments, datagrams, unreachables, neighbours');
  });
});

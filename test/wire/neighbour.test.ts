import { describe, expect, test } from 'vitest';
import { arpFrame, concat, ethernet, ipv6, neighbourFrame, octets } from '../kit/packets.ts';
import { decode } from './decoded.ts';

describe('ARP', () => {
  test('a request asks for the target', () => {
    expect(decode(arpFrame()).said).toEqual([
      { is: 'neighbour', at: 1234.5, frame: 7, interfaceId: 3, what: 'asks', asker: '10.0.0.1', target: '10.0.0.2' },
    ]);
  });

  test('a reply answers whoever asked', () => {
    expect(decode(arpFrame({ answers: true })).said).toMatchObject([
      { what: 'answers', asker: '10.0.0.1', target: '10.0.0.2' },
    ]);
  });

  test('a request for one’s own address is an announcement: an answer nobody asked for', () => {
    expect(decode(arpFrame({ asker: '10.0.0.2' })).said).toMatchObject([{ what: 'answers', target: '10.0.0.2' }]);
  });

  test('is read behind a cooked header too', () => {
    expect(decode(arpFrame({ link: 'sll' }), { link: 'sll' }).outcome).toBe('neighbours');
  });

  test('about other addresses, or saying something else, is not ours', () => {
    const frame = arpFrame();
    for (const [at, value] of [
      [17, 6], // protocol type
      [19, 6], // protocol address length
      [21, 3], // operation
    ] as const) {
      const changed = concat(frame);
      changed[at] = value;
      expect(decode(changed).outcome).toBe('otherEtherType');
    }
  });

  test('whose addresses are cut off is malformed', () => {
    expect(decode(arpFrame().subarray(0, 40)).outcome).toBe('malformed arp');
    expect(decode(ethernet(0x0806, octets(0, 1))).outcome).toBe('malformed arp');
  });
});

describe('neighbour discovery', () => {
  test('a solicitation asks, an advertisement answers', () => {
    expect(decode(neighbourFrame()).said).toMatchObject([{ what: 'asks', asker: 'fd00::1', target: 'fd00::2' }]);
    expect(decode(neighbourFrame({ answers: true })).said).toMatchObject([
      { what: 'answers', asker: 'fd00::1', target: 'fd00::2' },
    ]);
  });

  test('that has passed a router is not believed (RFC 4861 7.1)', () => {
    expect(decode(neighbourFrame({ ttl: 254 })).outcome).toBe('otherIcmp');
  });

  test('without its target is malformed', () => {
    const frame = neighbourFrame();
    expect(decode(frame.subarray(0, frame.length - 1), { wireLength: frame.length }).outcome).toBe('cut');
    const short = ipv6({ protocol: 58, ttl: 255 }, octets(135, 0, 0, 0, 0, 0, 0, 0));
    expect(decode(ethernet(0x86dd, short)).outcome).toBe('malformed icmp');
  });
});

import { describe, expect, test } from 'vitest';
import { pcapFile, pcapngFile, SOME_TIME } from './capture-files.ts';
import { addressOctets, arpFrame, flagBits, ipv4, ipv6, linkHeader, tcp, tcpFrame, udpFrame } from './packets.ts';

const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex');

describe('frames', () => {
  test('a TCP frame with defaults is the one Wireshark calls correct', () => {
    const ethernet = '020000000002020000000001' + '0800';
    const ip = '4500002800014000400626cd' + '0a000001' + '0a000002';
    expect(hex(tcpFrame())).toBe(`${ethernet}${ip}9c40005000000001000000005010faf004500000`);
  });

  test('flags are written as words', () => {
    expect(flagBits('SYN ACK')).toBe(0x12);
    expect(flagBits('FIN PSH ACK')).toBe(0x19);
  });

  test('addresses of both versions become octets', () => {
    expect(hex(addressOctets('192.0.2.1'))).toBe('c0000201');
    expect(hex(addressOctets('fd00::1:2'))).toBe('fd000000000000000000000000010002');
    expect(hex(addressOctets('::'))).toBe('0'.repeat(32));
  });

  test('headers have the length that their options ask for', () => {
    const options = Uint8Array.of(1, 1, 1, 1);
    expect(ipv4({ options }, new Uint8Array(3))[0]).toBe(0x46);
    expect(tcp({ options }, 'abc')).toHaveLength(27);
    expect(ipv6({}, new Uint8Array(3))).toHaveLength(43);
    expect(tcpFrame({ options })).toHaveLength(14 + 20 + 24);
  });

  test('padding fills a short Ethernet frame to 60 octets', () => {
    expect(tcpFrame({ pad: true })).toHaveLength(60);
    expect(udpFrame({ payload: 'x'.repeat(80), pad: true })).toHaveLength(122);
    expect(arpFrame()).toHaveLength(42);
  });

  test.each([
    ['ethernet', 14],
    ['vlan', 18],
    ['qinq', 22],
    ['sll', 16],
    ['sll2', 20],
    ['null', 4],
    ['loop', 4],
    ['raw', 0],
  ] as const)('the link header of %s has %i octets', (link, length) => {
    expect(linkHeader(link, 0x0800, new Uint8Array(0))).toHaveLength(length);
  });
});

describe('capture files', () => {
  test('a pcap file is a header of 24 octets and records of 16 more than their frame', () => {
    expect(pcapFile([{ octets: tcpFrame() }])).toHaveLength(24 + 16 + 54);
    expect(hex(pcapFile([], { bigEndian: true }).subarray(0, 8))).toBe('a1b2c3d400020004');
  });

  test('a pcapng file is made of whole blocks', () => {
    const file = pcapngFile([{ octets: new Uint8Array(5), at: SOME_TIME }]);
    const view = new DataView(file.buffer);
    const lengths: number[] = [];
    for (let at = 0; at < file.length; at += view.getUint32(at + 4, true)) lengths.push(view.getUint32(at + 4, true));
    expect(lengths).toEqual([28, 32, 40]);
  });
});

import { expect, test } from 'vitest';
import { addressText } from '../../src/model/endpoint.ts';
import { ipHeader, noAddress, readIpv4Address, readIpv6Address } from '../../src/wire/ip-header.ts';
import { addressOctets } from '../kit/packets.ts';

const view = (address: string): DataView => new DataView(addressOctets(address).buffer);

test('an IPv4 address is written as IPv4-mapped', () => {
  const into = { w0: 9, w1: 9, w2: 9, w3: 9 };
  readIpv4Address(view('255.0.2.1'), 0, into);
  expect(into).toEqual({ w0: 0, w1: 0, w2: 0xffff, w3: 0xff00_0201 });
  expect(addressText(into)).toBe('255.0.2.1');
});

test('an IPv6 address is four words that are not negative', () => {
  const into = noAddress();
  readIpv6Address(view('fd00:1:2:3:4:5:6:ffff'), 0, into);
  expect(into).toEqual({ w0: 0xfd00_0001, w1: 0x0002_0003, w2: 0x0004_0005, w3: 0x0006_ffff });
});

test('an IPv4-mapped address on an IPv6 wire is the same address', () => {
  const [four, six] = [noAddress(), noAddress()];
  readIpv4Address(view('10.0.0.1'), 0, four);
  readIpv6Address(view('::ffff:a00:1'), 0, six);
  expect(six).toEqual(four);
});

test('two headers share nothing', () => {
  expect(ipHeader().source).not.toBe(ipHeader().source);
});

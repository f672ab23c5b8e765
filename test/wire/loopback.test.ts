import { expect, test } from 'vitest';
import { concat, ipv4, ipv6, octets, tcp } from '../kit/packets.ts';
import { decode } from './decoded.ts';

const four = ipv4({}, tcp());
const six = ipv6({}, tcp());

test('address families are known in either byte order', () => {
  for (const link of ['null', 'loop'] as const) {
    expect(decode(concat(octets(2, 0, 0, 0), four), { link }).outcome).toBe('segments');
    expect(decode(concat(octets(0, 0, 0, 2), four), { link }).outcome).toBe('segments');
  }
});

test.each([10, 23, 24, 28, 30])('%i is some system’s family of IPv6', (family) => {
  expect(decode(concat(octets(family, 0, 0, 0), six), { link: 'null' }).outcome).toBe('segments');
  expect(decode(concat(octets(0, 0, 0, family), six), { link: 'loop' }).outcome).toBe('segments');
});

test('raw packets say their version themselves, under each of their link types', () => {
  for (const link of [12, 14, 101]) {
    expect(decode(four, { link }).outcome).toBe('segments');
    expect(decode(six, { link }).outcome).toBe('segments');
  }
  expect(decode(octets(), { link: 'raw' }).outcome).toBe('malformed raw');
});

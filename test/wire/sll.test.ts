import { expect, test } from 'vitest';
import { concat, ipv4, linkHeader, octets, tcp, u16, vlan } from '../kit/packets.ts';
import { decode } from './decoded.ts';

const packet = ipv4({}, tcp({}, 'GET'));

/** A cooked header of a device type (ARPHRD_). */
const sll = (device: number, protocol: number): Uint8Array =>
  concat(u16(0, device, 6), new Uint8Array(8), u16(protocol), packet);
const sll2 = (device: number, protocol: number): Uint8Array =>
  concat(u16(protocol, 0, 0, 3, device), octets(0, 6), new Uint8Array(8), packet);

test.each([1, 772, 778, 65534, 0xffff])('packets of devices of type %i are found', (device) => {
  expect(decode(sll(device, 0x0800), { link: 'sll' }).said).toMatchObject([{ octets: 'GET' }]);
  expect(decode(sll2(device, 0x0800), { link: 'sll2' }).said).toMatchObject([{ octets: 'GET' }]);
});

test('a VLAN tag behind a cooked header is passed over', () => {
  const tagged = vlan(9, 0x0800, packet);
  expect(decode(linkHeader('sll', 0x8100, tagged), { link: 'sll' }).outcome).toBe('segments');
  expect(decode(linkHeader('sll2', 0x8100, tagged), { link: 'sll2' }).outcome).toBe('segments');
});

test('the protocol of a netlink device is no Ethernet type', () => {
  expect(decode(sll(824, 0x0800), { link: 'sll' }).outcome).toBe('otherEtherType');
  expect(decode(sll2(824, 0x0800), { link: 'sll2' }).outcome).toBe('otherEtherType');
});

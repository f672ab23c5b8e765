import { expect, test } from 'vitest';
import { ipv4, tcp, tcpFrame, wrap } from '../kit/packets.ts';
import { decode } from './decoded.ts';

const changed = (packet: Uint8Array, at: number, value: number): Uint8Array => {
  const copy = packet.slice();
  copy[at] = value;
  return copy;
};
const raw = (packet: Uint8Array) => decode(packet, { link: 'raw' });

test('options are passed over', () => {
  expect(raw(ipv4({ options: new Uint8Array(40).fill(1) }, tcp({}, 'GET'))).said).toMatchObject([
    { octets: 'GET', length: 3 },
  ]);
});

test('Ethernet padding never becomes payload', () => {
  expect(decode(tcpFrame({ payload: 'ab', pad: true })).said).toMatchObject([{ octets: 'ab', length: 2 }]);
  expect(decode(tcpFrame({ pad: true })).said).toMatchObject([{ octets: '', length: 0 }]);
});

test('a total length of 0 means as long as the frame (TSO, BIG TCP)', () => {
  const payload = 'x'.repeat(70_000);
  const frame = wrap({}, ipv4({ length: 0 }, tcp({}, payload)));
  expect(decode(frame).said).toMatchObject([{ length: 70_000 }]);
  expect(decode(frame.subarray(0, 100), { wireLength: frame.length }).said).toMatchObject([{ length: 70_000 }]);
});

test('a total length beyond the frame is believed: the capture cut the frame and did not say so', () => {
  const { said, decoder } = raw(ipv4({ length: 1040 }, tcp({}, 'x')));
  expect(said).toMatchObject([{ length: 1000, octets: 'x' }]);
  expect(decoder.counters.shortened).toBe(1);
});

test.each([
  ['more fragments follow', 0x2000],
  ['a fragment in the middle', 0x2010],
  ['the last fragment', 0x0010],
])('%s: counted, not decoded', (_, fragment) => {
  expect(raw(ipv4({ fragment }, tcp())).outcome).toBe('fragments');
});

test("don't fragment and the reserved bit make no fragment", () => {
  expect(raw(ipv4({ fragment: 0xc000 }, tcp())).outcome).toBe('segments');
});

test('headers that break a rule are malformed', () => {
  const packet = ipv4({}, tcp());
  expect(decode(changed(packet, 0, 0x65), { link: 'ipv4' }).outcome).toBe('malformed ipv4');
  expect(raw(changed(packet, 0, 0x44)).outcome).toBe('malformed ipv4');
  expect(raw(ipv4({ length: 19 }, tcp())).outcome).toBe('malformed ipv4');
});

test('options that the capture cut are cut, options that the packet does not hold are malformed', () => {
  const packet = ipv4({ options: new Uint8Array(12) }, tcp());
  expect(decode(packet.subarray(0, 30), { link: 'raw', wireLength: packet.length }).outcome).toBe('cut');
  expect(raw(packet.subarray(0, 30)).outcome).toBe('malformed ipv4');
});

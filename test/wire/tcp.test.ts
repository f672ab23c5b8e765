import { expect, test } from 'vitest';
import { ipv4, tcp } from '../kit/packets.ts';
import { decode, type FrameOptions } from './decoded.ts';

const raw = (segment: Uint8Array, options: FrameOptions = {}, held?: number) =>
  decode(ipv4({}, segment).subarray(0, held), { link: 'raw', ...options });

function withOffset(words: number, segment: Uint8Array): Uint8Array {
  const copy = segment.slice();
  copy[12] = words << 4;
  return copy;
}

test('options are no payload', () => {
  expect(raw(tcp({ options: new Uint8Array(40).fill(1) }, 'GET')).said).toMatchObject([{ octets: 'GET', length: 3 }]);
});

test('a data offset that lies is malformed', () => {
  expect(raw(withOffset(4, tcp({}, 'GET'))).outcome).toBe('malformed tcp');
  expect(raw(withOffset(15, tcp({}, 'GET'))).outcome).toBe('malformed tcp');
});

test('a header of fewer than 20 octets is malformed, or cut where the wire had more', () => {
  const segment = tcp({}, 'GET');
  expect(decode(ipv4({}, segment.subarray(0, 12)), { link: 'raw' }).outcome).toBe('malformed tcp');
  expect(raw(segment, { wireLength: 43 }, 32).outcome).toBe('cut');
});

test('options that the capture cut leave a segment without octets whose length is known', () => {
  const segment = tcp({ options: new Uint8Array(12).fill(1), flags: 'FIN ACK' }, 'GET');
  const { said, decoder } = raw(segment, { wireLength: 55 }, 44);
  expect(said).toMatchObject([{ octets: '', length: 3, flags: 0x11 }]);
  expect(decoder.counters.shortened).toBe(1);
});

test('numbers of 32 bits are not negative', () => {
  expect(raw(tcp({ seq: 0xffff_ffff, ack: 0x8000_0000 })).said).toMatchObject([{ seq: 0xffff_ffff, ack: 0x8000_0000 }]);
});

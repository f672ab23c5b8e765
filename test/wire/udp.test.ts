import { expect, test } from 'vitest';
import { concat, ipv4, octets, udp, udpFrame } from '../kit/packets.ts';
import { decode } from './decoded.ts';

const raw = (datagram: Uint8Array, wireLength?: number) =>
  decode(ipv4({ protocol: 17 }, datagram), { link: 'raw', ...(wireLength === undefined ? {} : { wireLength }) });

test('a question to a resolver, and its answer, are datagrams', () => {
  expect(decode(udpFrame({ payload: 'question' })).said).toEqual([
    {
      is: 'datagram',
      at: 1234.5,
      frame: 7,
      interfaceId: 3,
      source: '10.0.0.1',
      sourcePort: 40000,
      destination: '10.0.0.53',
      destinationPort: 53,
      octets: 'question',
    },
  ]);
  expect(decode(udpFrame({ from: '10.0.0.53:53', to: '10.0.0.1:40000', payload: 'answer' })).said).toMatchObject([
    { octets: 'answer' },
  ]);
});

test('what lies behind the length of a datagram is not part of it', () => {
  expect(raw(concat(udp({}, 'abc'), octets(1, 2))).said).toMatchObject([{ octets: 'abc' }]);
});

test('a length of 0 means as long as the packet, a length beyond it likewise', () => {
  expect(raw(udp({ length: 0 }, 'abc')).said).toMatchObject([{ octets: 'abc' }]);
  expect(raw(udp({ length: 500 }, 'abc')).said).toMatchObject([{ octets: 'abc' }]);
});

test('a length less than the header is malformed, and so is less than a header', () => {
  expect(raw(udp({ length: 7 }, 'abc')).outcome).toBe('malformed udp');
  expect(raw(octets(0, 53, 0, 53)).outcome).toBe('malformed udp');
});

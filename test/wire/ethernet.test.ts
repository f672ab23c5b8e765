import { expect, test } from 'vitest';
import { MAX_TAGS } from '../../src/wire/ethernet.ts';
import { ethernet, ipv4, octets, tcp, vlan } from '../kit/packets.ts';
import { decode } from './decoded.ts';

function tagged(tags: number): Uint8Array {
  let inner = ipv4({}, tcp({}, 'GET'));
  let type = 0x0800;
  for (let tag = 0; tag < tags; tag++) {
    inner = vlan(tag, type, inner);
    type = 0x8100;
  }
  return ethernet(type, inner);
}

test('VLAN tags are passed over, nested up to a limit', () => {
  for (let tags = 0; tags <= MAX_TAGS; tags++) expect(decode(tagged(tags)).said).toMatchObject([{ octets: 'GET' }]);
  expect(decode(tagged(MAX_TAGS + 1)).outcome).toBe('malformed vlan');
});

test('the service tags of 802.1ad and of before are known', () => {
  const packet = vlan(1, 0x0800, ipv4({}, tcp()));
  for (const type of [0x88a8, 0x9100]) expect(decode(ethernet(type, packet)).outcome).toBe('segments');
});

test('a length where the Ethernet type should be is no type of ours', () => {
  expect(decode(ethernet(38, new Uint8Array(38))).outcome).toBe('otherEtherType');
});

test('what does not hold its header is malformed', () => {
  expect(decode(octets(1, 2, 3)).outcome).toBe('malformed ethernet');
  expect(decode(tagged(1).subarray(0, 16)).outcome).toBe('malformed vlan');
});

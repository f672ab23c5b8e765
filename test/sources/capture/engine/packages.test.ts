import { expect, test } from 'vitest';
import { filterOf, openCap, openPcap, type PackagePacket } from '../../../../src/sources/capture/engine/packages.ts';

const FRAME = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);

function wish(ports: readonly number[] = []) {
  const packets: PackagePacket[] = [];
  const packet = (each: PackagePacket) => void packets.push({ ...each, octets: Uint8Array.from(each.octets) });
  return { packets, names: ['lo', 'tun0'], ports, packet };
}

test('a packet of pcap: time to the microsecond, what was captured of it, its length on the wire; drops by interface', () => {
  const listeners: ((packet: { buf: Uint8Array; header: Uint8Array }) => void)[] = [];
  const opened: [string, Readonly<Record<string, unknown>>][] = [];
  const wished = wish([80, 8080]);
  const interfaces = openPcap(
    {
      createSession: (device, options) => {
        opened.push([device, options]);
        return {
          link_type: device === 'lo' ? 'LINKTYPE_ETHERNET' : 'LINKTYPE_RAW',
          on: (_, listener) => listeners.push(listener),
          stats: () => ({ ps_drop: device === 'lo' ? 3 : 0 }),
        };
      },
    },
    wished,
  );
  const header = new Uint8Array(Uint32Array.of(1_700_000_000, 123_456, 5, 900).buffer);
  listeners[1]?.({ buf: FRAME, header });
  expect(wished.packets).toEqual([
    { interfaceId: 1, at: 1_700_000_000_123_456_000n, octets: FRAME.slice(0, 5), wireLength: 900 },
  ]);
  expect(opened.map(([device]) => device)).toEqual(['lo', 'tun0']);
  // Never immediate mode, never whole packets: both cost the gateway a multiple.
  expect(opened[0]?.[1]).toMatchObject({ snap_length: 1024, buffer_timeout: 20, filter: filterOf([80, 8080]) });
  expect(interfaces.map(({ name, linkType, dropped }) => [name, linkType, dropped()])).toEqual([
    ['lo', 1, 3],
    ['tun0', 101, 0],
  ]);
});

test('a packet of cap bears the time of its arrival, and nobody knows what was dropped', () => {
  const listeners: ((octets: number) => void)[] = [];
  const wished = wish();
  class Cap {
    open(device: string, filter: string, _size: number, buffer: Uint8Array): string {
      expect(filter).toBe(filterOf([]));
      buffer.set(FRAME);
      return device === 'lo' ? 'ETHERNET' : 'something new';
    }
    on(_: 'packet', listener: (octets: number) => void) {
      listeners.push(listener);
    }
  }
  const interfaces = openCap({ Cap }, wished, () => 42n);
  listeners[0]?.(4);
  expect(wished.packets).toEqual([{ interfaceId: 0, at: 42n, octets: FRAME.slice(0, 4), wireLength: 4 }]);
  expect(interfaces.map(({ linkType, dropped }) => [linkType, dropped()])).toEqual([
    [1, undefined],
    [1, undefined],
  ]);
});

test('libpcap lets pass what can matter to a 502', () => {
  expect(filterOf([])).toBe('tcp or icmp or icmp6 or arp or udp port 53');
  expect(filterOf([80, 81])).toBe('(tcp port 80 or tcp port 81) or icmp or icmp6 or arp or udp port 53');
});

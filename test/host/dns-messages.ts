/** DNS messages, built as resolvers write them: names compressed where they may be. */
import { octetsOf } from '../../src/model/octets.ts';
import type { Datagram } from '../../src/model/segment.ts';
import { socket } from '../kit/segments.ts';

export interface DnsFields {
  readonly id?: number;
  readonly name?: string;
  readonly type?: number;
  readonly answer?: boolean;
  readonly rcode?: number;
  /** Types of the answer's records. */
  readonly records?: readonly number[];
}

export function nameOctets(name: string): number[] {
  const labels = name === '' ? [] : name.split('.');
  return [...labels.flatMap((label) => [label.length, ...[...label].map((char) => char.charCodeAt(0))]), 0];
}

const word = (value: number): number[] => [value >> 8, value & 0xff];

export function dns(fields: DnsFields = {}): Uint8Array {
  const { id = 1, name = 'php.internal', type = 1, answer = false, rcode = 0, records = [] } = fields;
  const flags = (answer ? 0x8180 : 0x0100) | rcode;
  const header = [id, flags, 1, records.length, 0, 0].flatMap(word);
  const body = records.flatMap((each) => {
    const content = each === 28 ? new Array<number>(16).fill(1) : each === 1 ? [10, 0, 0, 9] : nameOctets('alias');
    return [0xc0, 12, ...word(each), ...word(1), 0, 0, 0, 60, ...word(content.length), ...content];
  });
  return Uint8Array.from([...header, ...nameOctets(name), ...word(type), ...word(1), ...body]);
}

export function datagram(from: string, to: string, octets: Uint8Array, at = 0, frame = 1): Datagram {
  return {
    at,
    frame,
    interfaceId: 0,
    source: socket(from).address,
    sourcePort: socket(from).port,
    destination: socket(to).address,
    destinationPort: socket(to).port,
    octets: octetsOf(octets),
  };
}

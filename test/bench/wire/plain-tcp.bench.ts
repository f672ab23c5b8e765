import { bench } from 'vitest';
import { octetsOf } from '../../../src/model/octets.ts';
import { readPlainTcp } from '../../../src/wire/plain-tcp.ts';
import { tcpFrame } from '../../kit/packets.ts';
import { segment } from '../../kit/segments.ts';

const bytes = tcpFrame({ payload: 'x'.repeat(1400) });
const frame = { number: 1, at: 1, linkType: 1, interfaceId: 0, octets: octetsOf(bytes), wireLength: bytes.length };
const into = segment();

bench('readPlainTcp', () => {
  readPlainTcp(frame, into);
});

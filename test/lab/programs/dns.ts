/** A resolver that answers by the first label of the question: nxdomain, servfail, or nothing at all (silent). */
import { createSocket } from 'node:dgram';
import { DNS_PORT, RESOLVER } from '../places.ts';

const RCODES: Readonly<Record<string, number>> = { servfail: 2, nxdomain: 3, refused: 5 };

export function listenDns(): Promise<void> {
  const socket = createSocket('udp4');
  socket.on('message', (question, from) => {
    const label = question.toString('latin1', 13, 13 + (question[12] ?? 0));
    const rcode = RCODES[label];
    if (rcode === undefined) return;
    const answer = Buffer.from(question);
    answer.writeUInt16BE(0x8180 | rcode, 2);
    socket.send(answer, from.port, from.address);
  });
  return new Promise((resolve) => socket.bind(DNS_PORT, RESOLVER, resolve));
}

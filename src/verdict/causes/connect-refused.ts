import type { CauseFile, Judgement } from '../cause-file.ts';
import { foreignRst } from '../story.ts';
import type { Wire } from '../wire-facts.ts';
import { kernel, packet, relative } from '../words.ts';

export const connectRefused: CauseFile = {
  cause: 'connect-refused',
  section: 'Connecting',
  title: 'Nobody listens on the peer',
  meaning: "The peer's host answered the SYN with a RST: it is up, but nothing listens on that address and port.",
  recognised: {
    packets: 'SYN, then RST,ACK from the peer',
    kernel: 'SO_ERROR is 111; on the host of the peer a reset with reason NO_SOCKET',
    log: 'connect() failed (111: Connection refused) while connecting to upstream',
  },
  roots: [
    'the service is down, crashed or restarting',
    'wrong port',
    'bound to another address (127.0.0.1 or ::1 only)',
  ],
  remedies: [
    "On the peer's host: ss -ltnp | grep :PORT. Start the service, or correct the port in the upstream block.",
    'If it listens on 127.0.0.1 or ::1 only, bind it to the address that the gateway uses.',
    'If it was restarting: restart it with socket activation or one instance after the other.',
  ],
  elsewhere: { haproxy: '503 SC', envoy: '503 UF' },
  log: /^connect\(\) failed \(111: Connection refused\) while connecting to upstream/,
  judge,
};

function judge(wire: Wire): Judgement | undefined {
  const { refusal, syn } = wire.exchange.connection;
  if (refusal?.how !== 'rst' || wire.attempt.witness?.foreignReset) return undefined;
  const closer = wire.attempt.witness?.closer;
  const nobody = closer?.kind === 'reset-sent' && closer.reason === 'NO_SOCKET' ? closer : undefined;
  const when = syn ? relative(refusal.moment, syn, 'the SYN') : 'in answer to the SYN';
  return {
    confidence: nobody ? 'certain' : 'likely',
    sentence: `${wire.peer} refused the connection: its host answered, but nothing listens there.`,
    evidence: [
      ...(syn ? [packet(syn, `SYN to ${wire.peer}`)] : []),
      packet(refusal.moment, `RST from the peer ${when}`),
      ...(nobody ? [kernel(nobody.moment, `the kernel had no socket for ${wire.peer} and sent the reset`)] : []),
    ],
    alternatives: nobody
      ? []
      : [
          {
            cause: 'connect-rejected-firewall',
            why: 'a filter that rejects with a TCP reset looks the same on the wire',
          },
        ],
    unseen: nobody
      ? []
      : [...foreignRst(wire), 'whether a socket listened there: no kernel events of the peer in this capture'],
  };
}

import type { CauseFile, Judgement } from '../cause-file.ts';
import { beginning } from '../story.ts';
import { isConnecting, mayBeTimer, silenceOf, type Wire } from '../wire-facts.ts';
import { duration, packet } from '../words.ts';

/** One retransmission is everyday loss; from two on nobody is listening. */
const DEAF_RETRANSMISSIONS = 2;

export const transportTimeout: CauseFile = {
  cause: 'transport-timeout',
  section: 'No complete response header',
  title: 'The connection died silently',
  meaning:
    "The peer stopped acknowledging, without FIN or RST, and the gateway's kernel gave up the connection. Since the kernel says so and not the gateway's timer, it is a 502.",
  recognised: {
    packets: 'retransmissions without any acknowledgement for minutes, no FIN, no RST',
    kernel: 'recv() or writev() gives -110 or -113 (tcp_retries2, TCP_USER_TIMEOUT, keepalive)',
    log: 'recv() failed (110: Connection timed out) while reading response header from upstream',
  },
  roots: [
    'the host of the peer was lost',
    'a NAT or conntrack entry expired on an idle connection',
    'a cable, a route',
  ],
  remedies: [
    'proxy_socket_keepalive on; and TCP keepalive times shorter than the NAT or conntrack timeout on the path.',
    'Check whether the host was up at that time, and nf_conntrack timeouts between.',
  ],
  elsewhere: { haproxy: '504 sH', envoy: '503 UC' },
  log: /^(recv|writev|sendfile|readv)\(\) failed \((110|113): /,
  judge,
};

function judge(wire: Wire): Judgement | undefined {
  const { client, server, exchange } = wire;
  if (wire.close || isConnecting(wire) || leftBefore(wire) || mayBeTimer(wire)) return undefined;
  const deaf = exchange.clientOctets > 0 && client.acknowledged < client.octets;
  if (!deaf || client.retransmissions < DEAF_RETRANSMISSIONS || server.rst || server.fin) return undefined;
  const silence = silenceOf(wire);
  const { lastOctet } = client;
  return {
    confidence: 'likely',
    sentence: `${wire.peer} stopped acknowledging${silence === undefined ? '' : ` for ${duration(silence)}`}: the connection was dead, and the gateway's kernel gave up.`,
    evidence: [
      ...beginning(wire),
      ...(lastOctet ? [packet(lastOctet, `never acknowledged; ${client.retransmissions} retransmissions`)] : []),
    ],
    alternatives: [{ cause: 'proxy-read-timeout', why: "the gateway's own timer, turned into a 502 by a later step" }],
    unseen: ["where the path broke: the packets on the peer's side"],
  };
}

/** Did the gateway close before it answered its client? Its kernel's RST may follow later, with the next retransmission. */
function leftBefore({ gatewayClose, incident }: Wire): boolean {
  const answer = incident.exchange.response?.start;
  return gatewayClose !== undefined && (answer === undefined || gatewayClose.frame < answer.frame);
}

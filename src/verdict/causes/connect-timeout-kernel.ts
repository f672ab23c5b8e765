import type { Alternative } from '../../model/verdict.ts';
import type { CauseFile, Judgement } from '../cause-file.ts';
import { isConnecting, silenceOf, type Wire } from '../wire-facts.ts';
import { duration, packet, relative } from '../words.ts';

export const connectTimeoutKernel: CauseFile = {
  cause: 'connect-timeout-kernel',
  section: 'Connecting',
  title: "No answer to the SYN; the gateway's kernel gave up",
  meaning:
    "The peer never answered the SYN, and the kernel gave up before the gateway's own connect timeout. That makes a 502; had the gateway's timer struck first, it would be a 504.",
  recognised: {
    packets: 'SYN retransmitted after 1, 2, 4 ... s, no answer, then a 502',
    kernel: 'SO_ERROR is 110; SYN_SENT to CLOSE after the last retransmission',
    log: 'connect() failed (110: Connection timed out) while connecting to upstream',
  },
  subcauses: { 'descriptors-exhausted': 'whoever listens there had no file descriptor left to accept with' },
  roots: [
    'a firewall that drops',
    'a dead host behind a router',
    'a full accept queue',
    'a low net.ipv4.tcp_syn_retries',
  ],
  remedies: [
    'From the gateway: nc -vz ADDRESS PORT and traceroute -T -p PORT ADDRESS: does anything answer on that path?',
    "On the peer's host: nstat -az TcpExtListenOverflows TcpExtListenDrops; raise the backlog and net.core.somaxconn if they grow.",
    'Set proxy_connect_timeout to a few seconds, so that the next peer is tried early.',
  ],
  elsewhere: { haproxy: '503 sC', envoy: '503 UF' },
  log: /^connect\(\) failed \(110: Connection timed out\) while connecting to upstream/,
  judge,
};

/** What the kernel says once it has given up. */
const ETIMEDOUT = 110;

function judge(wire: Wire): Judgement | undefined {
  if (!isConnecting(wire)) return undefined;
  const { syn, lastSyn, syns } = wire.exchange.connection;
  if (!syn) return undefined;
  const waited = silenceOf(wire);
  const { witness } = wire.attempt;
  const gaveUp = witness?.ending?.errno === ETIMEDOUT;
  return {
    confidence: gaveUp ? 'certain' : syns > 1 ? 'likely' : 'possible',
    sentence: `${wire.peer} never answered ${syns === 1 ? 'the SYN' : `${syns} SYNs`}${waited === undefined ? '' : ` in ${duration(waited)}`}; the gateway's kernel gave up.`,
    evidence: [
      packet(syn, `SYN to ${wire.peer}`),
      ...(lastSyn && syns > 1
        ? [packet(lastSyn, `SYN number ${syns}, ${relative(lastSyn, syn, 'the first')}; no answer`)]
        : []),
    ],
    alternatives: gaveUp ? [] : ALTERNATIVES,
    unseen:
      witness?.listener || witness?.drop
        ? []
        : ['why nothing came back: a filter, a dead host and a full accept queue look the same'],
  };
}

const ALTERNATIVES: readonly Alternative[] = [
  { cause: 'proxy-connect-timeout', why: "the gateway's own timer struck, and a later step made it a 502" },
  { cause: 'no-live-upstreams', why: 'after a timeout no other peer may have been left to try' },
];

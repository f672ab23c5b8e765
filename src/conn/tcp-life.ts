/**
 * The life of a TCP connection (RFC 9293 3.3.2), as data. States are those of the active opener, as far as the wire shows
 * them: LISTEN is not seen, and CLOSED is an end. An observer differs from an endpoint in three ways. It may have missed
 * the SYN-ACK or the ACK (`proof`: any later segment that only an established peer sends). It may start midstream, in
 * ESTABLISHED, or in SYN-RECEIVED where the SYN-ACK is the first it sees. And a SYN with another ISN is not an input of
 * this life at all: it begins another connection (`reuse.ts`).
 * A FIN is an input when the stream has come to it in order, not when it was first seen.
 */
export const STATES = [
  'SYN-SENT',
  'SYN-RECEIVED',
  'ESTABLISHED',
  'FIN-WAIT-1',
  'FIN-WAIT-2',
  'CLOSE-WAIT',
  'CLOSING',
  'LAST-ACK',
  'TIME-WAIT',
  'CLOSED',
] as const;

export type TcpState = (typeof STATES)[number];

export const INPUTS = [
  'syn', // from the active opener, once more
  'reverse-syn', // from the passive side, without ACK: simultaneous open
  'syn-ack',
  'proof', // the handshake's ACK, or a segment that only makes sense after it
  'forward-fin',
  'forward-fin-acked',
  'reverse-fin',
  'rst', // from either side, where it is believed
  'unreachable', // ICMP quotes a segment of the active opener
] as const;

export type TcpInput = (typeof INPUTS)[number];

type LifeTable = Readonly<Record<TcpState, Readonly<Partial<Record<TcpInput, TcpState>>>>>;

export const TCP_LIFE = {
  'SYN-SENT': {
    syn: 'SYN-SENT',
    'reverse-syn': 'SYN-RECEIVED',
    'syn-ack': 'SYN-RECEIVED',
    proof: 'ESTABLISHED',
    rst: 'CLOSED',
    // Linux gives up at once (tcp_v4_err, tcp_v6_err: a connection that is not established yet).
    unreachable: 'SYN-SENT',
  },
  'SYN-RECEIVED': {
    syn: 'SYN-RECEIVED',
    'reverse-syn': 'SYN-RECEIVED',
    'syn-ack': 'SYN-RECEIVED',
    proof: 'ESTABLISHED',
    rst: 'CLOSED',
    unreachable: 'SYN-RECEIVED',
  },
  ESTABLISHED: {
    syn: 'ESTABLISHED',
    'reverse-syn': 'ESTABLISHED',
    'syn-ack': 'ESTABLISHED',
    'forward-fin': 'FIN-WAIT-1',
    'reverse-fin': 'CLOSE-WAIT',
    rst: 'CLOSED',
    unreachable: 'ESTABLISHED',
  },
  'FIN-WAIT-1': {
    'syn-ack': 'FIN-WAIT-1',
    'forward-fin-acked': 'FIN-WAIT-2',
    'reverse-fin': 'CLOSING',
    rst: 'CLOSED',
    unreachable: 'FIN-WAIT-1',
  },
  'FIN-WAIT-2': { 'reverse-fin': 'TIME-WAIT', rst: 'CLOSED', unreachable: 'FIN-WAIT-2' },
  'CLOSE-WAIT': { 'syn-ack': 'CLOSE-WAIT', 'forward-fin': 'LAST-ACK', rst: 'CLOSED', unreachable: 'CLOSE-WAIT' },
  CLOSING: { 'forward-fin-acked': 'TIME-WAIT', rst: 'CLOSED', unreachable: 'CLOSING' },
  'LAST-ACK': { 'forward-fin-acked': 'CLOSED', rst: 'CLOSED', unreachable: 'LAST-ACK' },
  'TIME-WAIT': { syn: 'TIME-WAIT', 'syn-ack': 'TIME-WAIT', rst: 'CLOSED', unreachable: 'TIME-WAIT' },
  CLOSED: { syn: 'CLOSED', 'reverse-syn': 'CLOSED', 'syn-ack': 'CLOSED', rst: 'CLOSED', unreachable: 'CLOSED' },
} as const satisfies LifeTable;

const TABLE: LifeTable = TCP_LIFE;

/** Where `input` leads from `state`; `undefined` where the table has no row for it (a violation: the state stays). */
export function nextState(state: TcpState, input: TcpInput): TcpState | undefined {
  return TABLE[state][input];
}

/** No octet of either side can be accepted any more. */
export function isOver(state: TcpState): boolean {
  return state === 'CLOSED' || state === 'TIME-WAIT';
}

/** Where a connection waits to be forgotten; 'past' holds the four-tuples of those that are. */
export type IdleQueue = 'transient' | 'open' | 'closed' | 'past';

export const IDLE_QUEUE: Readonly<Record<TcpState, IdleQueue>> = {
  'SYN-SENT': 'transient',
  'SYN-RECEIVED': 'transient',
  ESTABLISHED: 'open',
  'FIN-WAIT-1': 'open',
  'FIN-WAIT-2': 'open',
  'CLOSE-WAIT': 'open',
  CLOSING: 'transient',
  'LAST-ACK': 'transient',
  'TIME-WAIT': 'closed',
  CLOSED: 'closed',
};

/** The table as a Mermaid state diagram; edges that lead back to their own state are left out. */
export function lifeDiagram(): string {
  const name = (state: string): string => state.replaceAll('-', '_');
  const lines = ['stateDiagram-v2', '  [*] --> SYN_SENT: syn'];
  for (const state of STATES) {
    const edges = new Map<TcpState, string[]>();
    for (const input of INPUTS) {
      const next = TABLE[state][input];
      if (next === undefined || next === state) continue;
      edges.set(next, [...(edges.get(next) ?? []), input]);
    }
    for (const [next, inputs] of edges) lines.push(`  ${name(state)} --> ${name(next)}: ${inputs.join(', ')}`);
  }
  lines.push('  CLOSED --> [*]');
  return lines.join('\n');
}

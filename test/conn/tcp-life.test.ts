import { describe, expect, test } from 'vitest';
import {
  IDLE_QUEUE,
  INPUTS,
  isOver,
  lifeDiagram,
  nextState,
  STATES,
  TCP_LIFE,
  type TcpInput,
  type TcpState,
} from '../../src/conn/tcp-life.ts';

describe('the life of a connection', () => {
  // Every cell: a row a state, a column an input; '' where there is none.
  const cells: Record<TcpState, Partial<Record<TcpInput, TcpState>>> = TCP_LIFE;
  const every = STATES.flatMap((state) => INPUTS.map((input) => [state, input, cells[state][input]] as const));

  test.each(every)('%s, %s -> %s', (state, input, next) => {
    expect(nextState(state, input)).toBe(next);
    // Nothing leads back from the end, and no established connection becomes a handshake again.
    if (state === 'CLOSED') expect([undefined, 'CLOSED']).toContain(next);
    if (!state.startsWith('SYN')) expect(next?.startsWith('SYN') ?? false).toBe(false);
    // A RST ends every life.
    if (input === 'rst') expect(next).toBe('CLOSED');
    // Only SYN-SENT is refused by ICMP.
    if (input === 'unreachable') expect(next).toBe(state);
  });

  test('every state can be reached and left, but the end', () => {
    const reached = new Set<TcpState>(['SYN-SENT']);
    for (const state of reached) for (const next of Object.values(cells[state])) reached.add(next);
    expect([...reached].sort()).toEqual([...STATES].sort());
  });

  test('who is over waits among the closed', () => {
    for (const state of STATES) expect(IDLE_QUEUE[state] === 'closed').toBe(isOver(state));
  });

  test('is drawn from the table', () => {
    expect(lifeDiagram()).toContain('  SYN_SENT --> SYN_RECEIVED: reverse-syn, syn-ack\n');
    expect(lifeDiagram()).not.toContain('CLOSED --> CLOSED');
  });
});

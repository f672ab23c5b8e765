/**
 * The life of one direction of an HTTP/1 connection. Everything that changes its state is here; which side it is, is not
 * known here. We watch, we take no part: a gap, a cut and a start in the middle are inputs like others, and what is not in
 * the table leaves the state as it is.
 */
import type { Framing } from './framing.ts';

export type State =
  | 'IDLE' // between messages
  | 'HEAD'
  | 'BODY' // Content-Length
  | 'CHUNKED'
  | 'UNTIL-CLOSE'
  | 'LOST' // waiting for octets that begin a message
  | 'GARBAGE' // octets that are no HTTP: nothing after them can be believed
  | 'TUNNEL' // HTTP is over (101, CONNECT)
  | 'CLOSED';

export type Input =
  | 'octets' // first octet of a message
  | 'head-ends' // no body
  | 'head-length'
  | 'head-chunked'
  | 'head-close'
  | 'head-tunnel'
  | 'body-ends'
  | 'no-http'
  | 'place-lost' // a gap, a limit, a broken coding: where the next message begins is not known
  | 'message-begins' // after the place was lost
  | 'tunnel' // the other side has ended HTTP
  | 'closed';

type Table = Readonly<Record<State, Readonly<Partial<Record<Input, State>>>>>;

export const LIFE = {
  IDLE: { octets: 'HEAD', 'place-lost': 'LOST', tunnel: 'TUNNEL', closed: 'CLOSED' },
  HEAD: {
    'head-ends': 'IDLE',
    'head-length': 'BODY',
    'head-chunked': 'CHUNKED',
    'head-close': 'UNTIL-CLOSE',
    'head-tunnel': 'TUNNEL',
    'no-http': 'GARBAGE',
    'place-lost': 'LOST',
    tunnel: 'TUNNEL',
    closed: 'CLOSED',
  },
  BODY: {
    'body-ends': 'IDLE',
    'place-lost': 'LOST',
    'message-begins': 'IDLE',
    tunnel: 'TUNNEL',
    closed: 'CLOSED',
  },
  CHUNKED: {
    'body-ends': 'IDLE',
    'place-lost': 'LOST',
    'message-begins': 'IDLE',
    tunnel: 'TUNNEL',
    closed: 'CLOSED',
  },
  'UNTIL-CLOSE': { 'message-begins': 'IDLE', closed: 'CLOSED' },
  LOST: { 'message-begins': 'IDLE', tunnel: 'TUNNEL', closed: 'CLOSED' },
  GARBAGE: { closed: 'CLOSED' },
  TUNNEL: { closed: 'CLOSED' },
  CLOSED: {},
} as const satisfies Table;

/** The state after `input`; the same where the table says nothing. */
export function next(state: State, input: Input): State {
  // Nearly every message is read by these alone; a look-up by name costs a hash each time.
  if (state === 'IDLE' && input === 'octets') return LIFE.IDLE.octets;
  if (state === 'HEAD') {
    if (input === 'head-ends') return LIFE.HEAD['head-ends'];
    if (input === 'head-length') return LIFE.HEAD['head-length'];
    if (input === 'head-chunked') return LIFE.HEAD['head-chunked'];
  } else if (input === 'body-ends') {
    if (state === 'BODY') return LIFE.BODY['body-ends'];
    if (state === 'CHUNKED') return LIFE.CHUNKED['body-ends'];
  }
  return (LIFE as Table)[state][input] ?? state;
}

/** What comes after a head. */
export function afterHead(framing: Framing): Input {
  switch (framing) {
    case 'none':
      return 'head-ends';
    case 'length':
      return 'head-length';
    case 'chunked':
      return 'head-chunked';
    case 'close':
      return 'head-close';
    case 'tunnel':
      return 'head-tunnel';
    case 'unknown':
      return 'place-lost';
  }
}

/**
 * The two halves of a FastCGI request's life, as tables: what the client still owes and what the server still owes.
 * FastCGI 1.0, 5 and 6: a Responder reads PARAMS and STDIN, a Filter DATA too, an Authorizer PARAMS only; each stream ends
 * with an empty record; END_REQUEST ends all. Unlike an endpoint we may miss octets: `gap` has its own cells, and an
 * input without a cell leaves the state as it is.
 */

export type SendingState = 'PARAMS' | 'STDIN' | 'DATA' | 'SENT';
/** The end of a stream, named for it. */
export type SendingInput = 'params' | 'stdin' | 'data';
export type Role = 'responder' | 'authorizer' | 'filter';

type SendingTable = Readonly<Record<SendingState, Readonly<Partial<Record<SendingInput, SendingState>>>>>;

export const RESPONDER = {
  PARAMS: { params: 'STDIN' },
  STDIN: { stdin: 'SENT' },
  DATA: {},
  SENT: {},
} as const satisfies SendingTable;

export const AUTHORIZER = {
  PARAMS: { params: 'SENT' },
  STDIN: {},
  DATA: {},
  SENT: {},
} as const satisfies SendingTable;

export const FILTER = {
  PARAMS: { params: 'STDIN' },
  STDIN: { stdin: 'DATA' },
  DATA: { data: 'SENT' },
  SENT: {},
} as const satisfies SendingTable;

const SENDING: Readonly<Record<Role, SendingTable>> = { responder: RESPONDER, authorizer: AUTHORIZER, filter: FILTER };

export function nextSending(role: Role, state: SendingState, input: SendingInput): SendingState {
  return SENDING[role][state][input] ?? state;
}

/**
 * AWAITED: no octet yet. HEAD: the CGI head is owed. BODY: it was read. SPOILT: it cannot be read (a fault, a gap).
 * CLOSED: STDOUT has ended. ENDED: nothing more belongs to the request.
 */
export type AnsweringState = 'AWAITED' | 'HEAD' | 'BODY' | 'SPOILT' | 'CLOSED' | 'ENDED';
export type AnsweringInput = 'record' | 'head' | 'fault' | 'gap' | 'stdout' | 'endRequest' | 'close';

type AnsweringTable = Readonly<Record<AnsweringState, Readonly<Partial<Record<AnsweringInput, AnsweringState>>>>>;

/** `fault` after the head ends the answer: the gateway stops reading, and what it passed on stays short (causes 1.9). */
export const ANSWERING = {
  AWAITED: { record: 'HEAD', gap: 'SPOILT', close: 'ENDED' },
  HEAD: { head: 'BODY', fault: 'SPOILT', gap: 'SPOILT', stdout: 'SPOILT', endRequest: 'ENDED', close: 'ENDED' },
  BODY: { fault: 'ENDED', stdout: 'CLOSED', endRequest: 'ENDED', close: 'ENDED' },
  SPOILT: { endRequest: 'ENDED', close: 'ENDED' },
  CLOSED: { endRequest: 'ENDED', close: 'ENDED' },
  ENDED: {},
} as const satisfies AnsweringTable;

const TABLE: AnsweringTable = ANSWERING;

export function nextAnswering(state: AnsweringState, input: AnsweringInput): AnsweringState {
  return TABLE[state][input] ?? state;
}

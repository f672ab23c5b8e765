/**
 * A parser under test: a script of what is seen on a connection, played whole or at any split, and what the parser said,
 * one line a message. Octets are lent in a buffer that is overwritten after each call.
 */
import type { Connection } from '../../src/model/connection.ts';
import { endpoint } from '../../src/model/endpoint.ts';
import type { Dialogue, Message } from '../../src/model/message.ts';
import { octetsOf } from '../../src/model/octets.ts';
import type { Moment } from '../../src/model/time.ts';
import type { Parser, Protocol, Side } from '../../src/proto/protocol.ts';

export type Act =
  | { readonly side: Side; readonly says: Uint8Array }
  | { readonly side: Side; readonly misses: number }
  | { readonly side: Side; readonly ends: 'fin' | 'rst' };

export const client = (says: string | Uint8Array): Act => ({ side: 'client', says: octets(says) });
export const server = (says: string | Uint8Array): Act => ({ side: 'server', says: octets(says) });
export const clientMisses = (misses: number): Act => ({ side: 'client', misses });
export const serverMisses = (misses: number): Act => ({ side: 'server', misses });
export const clientFin: Act = { side: 'client', ends: 'fin' };
export const clientRst: Act = { side: 'client', ends: 'rst' };
export const serverFin: Act = { side: 'server', ends: 'fin' };
export const serverRst: Act = { side: 'server', ends: 'rst' };

export function octets(text: string | Uint8Array): Uint8Array {
  return typeof text === 'string' ? Buffer.from(text, 'latin1') : text;
}

export function join(...parts: readonly (string | Uint8Array)[]): Uint8Array {
  return Buffer.concat(parts.map(octets));
}

export function dialogueOf(protocol: Protocol, { midstream = false } = {}): Dialogue {
  const [active, passive] = [endpoint('10.0.0.1', 40000), endpoint('10.0.0.2', 9000)];
  const connection = { id: 1, transport: 'tcp', active, passive, midstream } as Connection;
  const { name } = protocol;
  return {
    connection,
    protocol: name,
    clientDirection: 'forward',
    client: active,
    server: passive,
    proxied: undefined,
  };
}

/** The messages of a script whose octets come `size` at a time; frames count the acts, so moments do not tell the split. */
export function play(protocol: Protocol, acts: readonly Act[], size = Infinity, midstream = false): Message[] {
  const messages: Message[] = [];
  const parser = protocol.open(dialogueOf(protocol, { midstream }), (message) => messages.push(message));
  for (const [index, act] of acts.entries()) perform(parser, act, size, { at: index * 1000, frame: index + 1 });
  return messages;
}

function perform(parser: Parser, act: Act, size: number, moment: Moment): void {
  if ('misses' in act) parser.gap(act.side, act.misses, 'lost', moment);
  else if ('says' in act) {
    for (let at = 0; at < act.says.length; at += size) {
      const lent = Uint8Array.from(act.says.subarray(at, Math.min(act.says.length, at + size)));
      parser.chunk(act.side, octetsOf(lent), moment);
      lent.fill(0xee);
    }
  } else if (act.ends === 'fin') parser.finished(act.side, moment);
  else parser.aborted(act.side, moment);
}

/** One line a message: its frame, its request where that is not `id`, its kind, and what it holds. */
export function lines(messages: readonly Message[], id = 1): string[] {
  return messages.map((message) => {
    const request = message.requestId === id || message.requestId === 0 ? '' : ` #${message.requestId}`;
    return `${message.moment.frame}${request} ${message.kind} ${told(message)}`.trimEnd();
  });
}

function told(message: Message): string {
  switch (message.kind) {
    case 'request-head':
      return `${message.method} ${message.target} ${message.version} ${message.host} (${message.headOctets})`;
    case 'request-end':
      return `${message.octets}`;
    case 'response-head':
      return `${message.version} ${message.status} ${message.fields.map(({ name, value }) => `${name}=${value}`).join('|')}`.trim();
    case 'response-end':
      return `${message.how} ${message.octets} ${message.bodyOctets}`;
    case 'stderr':
      return JSON.stringify(message.text);
    case 'end-request':
      return `${message.appStatus} ${message.protocolStatus}`;
    case 'fault':
      return `${message.direction} ${message.name} ${message.detail} ${JSON.stringify(message.sample)} @${message.malformed?.offset}`;
    case 'lost':
      return `${message.direction} ${message.octets}`;
    default:
      return '';
  }
}

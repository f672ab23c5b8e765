/** Messages as lines: what the log block of a Markdown case holds. Frames are told as `@3`, sides as client and server. */
import type { Direction } from '../../src/model/connection.ts';
import type { Dialogue, DownstreamIdentity, Field, Message, MessageSink } from '../../src/model/message.ts';
import type { Moment } from '../../src/model/time.ts';

/** Gathers a log. */
export class MessageLog implements MessageSink {
  readonly lines: string[] = [];
  readonly messages: Message[] = [];

  recognised(dialogue: Dialogue, moment: Moment): void {
    const proxied = dialogue.proxied ? ` proxied=${dialogue.proxied.text}` : '';
    this.lines.push(`recognised @${moment.frame} ${dialogue.protocol} client=${dialogue.clientDirection}${proxied}`);
  }

  message(message: Message): void {
    this.messages.push(message);
    this.lines.push(...linesOf(message));
  }
}

export function linesOf(message: Message): string[] {
  const id = message.requestId === 0 ? '' : ` #${message.requestId}`;
  const [first, ...more] = detailsOf(message);
  return [
    `${message.kind} @${message.moment.frame}${id}${first ? ` ${first}` : ''}`,
    ...more.map((line) => `  ${line}`),
  ];
}

function detailsOf(message: Message): string[] {
  switch (message.kind) {
    case 'request-head': {
      const { method, target, version, host, headOctets, fields, downstream, start } = message;
      const words = [`${method} ${visible(target)} ${version || '?'}`, `host=${visible(host)}`, `octets=${headOctets}`];
      if (start.frame !== message.moment.frame) words.push(`from @${start.frame}`);
      if (downstream) words.push(`downstream=${identity(downstream)}`);
      return [words.join(' '), ...fieldLines(fields)];
    }
    case 'request-end':
      return [`octets=${message.octets}`];
    case 'response-start':
    case 'response-unseen':
      return [''];
    case 'response-head': {
      const { status, version, interim, headOctets, fields } = message;
      const words = [`${status} ${version || '?'} octets=${headOctets}${interim ? ' interim' : ''}`];
      return [...words, ...fieldLines(fields)];
    }
    case 'response-end':
      return [`${message.how} octets=${message.octets} body=${message.bodyOctets}`];
    case 'stderr':
      return [quoted(message.text)];
    case 'end-request':
      return [`app=${message.appStatus} protocol=${message.protocolStatus}`];
    case 'tls-alert':
      return [`${side(message)} level=${message.level} description=${message.description}`];
    case 'tls-step':
      return [`${side(message)} ${message.step}${message.serverName ? ` name=${visible(message.serverName)}` : ''}`];
    case 'goaway':
      return [`${side(message)} code=${message.code} last=${message.lastStream}`];
    case 'stream-reset':
      return [`${side(message)} code=${message.code}`];
    case 'fault': {
      const offset = message.malformed ? ` offset=${message.malformed.offset}` : '';
      const detail = message.detail ? ` ${message.detail}` : '';
      return [`${side(message)} ${message.name}${detail}${offset} ${quoted(message.sample)}`];
    }
    case 'lost':
      return [`${side(message)} octets=${message.octets}`];
  }
}

function side(message: { readonly direction: Direction; readonly dialogue: Dialogue }): 'client' | 'server' {
  return message.direction === message.dialogue.clientDirection ? 'client' : 'server';
}

function identity(id: DownstreamIdentity): string {
  return `${id.clientAddress}:${id.clientPort}>${id.serverAddress}:${id.serverPort}`;
}

function fieldLines(fields: readonly Field[]): string[] {
  return fields.map(({ name, value }) => `${visible(name)}: ${visible(value)}`.trimEnd());
}

function quoted(text: string): string {
  return `"${visible(text)}"`;
}

/** Octets that a text file cannot show, as escapes. */
export function visible(text: string): string {
  return text.replace(/[^\x20-\x5b\x5d-\x7e\u2026]/g, (character) => {
    const known = { '\r': '\\r', '\n': '\\n', '\t': '\\t', '\\': '\\\\', '\0': '\\0' }[character];
    return known ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
}

/**
 * What must be the same however the octets are split: the sample of a fault may hold more or less of what followed, and
 * text may come in pieces.
 */
export function normalised(lines: readonly string[]): string[] {
  const out: string[] = [];
  for (const line of lines) {
    const latest = out.at(-1);
    const stderr = /^(stderr @\d+(?: #\d+)?) "(.*)"$/.exec(line);
    const before = stderr && latest?.startsWith(`${stderr[1]} "`);
    if (stderr && before) out[out.length - 1] = `${latest?.slice(0, -1)}${stderr[2]}"`;
    else out.push(line.startsWith('fault ') ? line.replace(/ ".*"$/, '') : line);
  }
  return out;
}

/**
 * Markdown cases for parsers (after llhttp's): under a heading a sentence of intent, an `octets` block with what both
 * sides send, and a `log` block with the messages that must come of it. Each case is fed whole, in pieces of every size,
 * and with a gap at every offset. `BLESS=1` writes the log blocks anew.
 *
 * Lines of an `octets` block, one frame each, counted from 1; `>` is the active opener's side, `<` the passive one's:
 *   `> text`, `< text`      octets, with the escapes \r \n \t \0 \\ \xHH
 *   `>hex 16 03 01`         octets in hexadecimal
 *   `>x 1000 a`             the text `a` a thousand times
 *   `>+ text`, `>+hex ..`   more octets of the same frame
 *   `>gap 100 cut`          octets that are missing: lost, cut or limit
 *   `>ack 200`              the side has so many octets of the other: those that were not there yet come later or never
 *   `>FIN`, `<RST`          closes
 *   `midstream`             the handshake was not seen
 *   `pieces 16`             no smaller pieces: after a gap the beginning of a message must lie in one
 *   `forget`                the connection is no longer followed
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import {
  type Connection,
  type Direction,
  type GapWhy,
  opposite,
  type StreamFacts,
} from '../../src/model/connection.ts';
import { endpoint } from '../../src/model/endpoint.ts';
import { octetsOf } from '../../src/model/octets.ts';
import { MILLISECOND, type Moment } from '../../src/model/time.ts';
import type { Protocol } from '../../src/proto/protocol.ts';
import { Recogniser } from '../../src/proto/recogniser.ts';
import { MessageLog, normalised } from './message-log.ts';

type Act =
  | { readonly kind: 'octets'; readonly direction: Direction; bytes: Uint8Array }
  | { readonly kind: 'gap'; readonly direction: Direction; readonly length: number; readonly why: GapWhy }
  | { readonly kind: 'ack'; readonly direction: Direction; readonly octets: number }
  | { readonly kind: 'fin' | 'rst'; readonly direction: Direction }
  | { readonly kind: 'forget' };

export interface Script {
  readonly midstream: boolean;
  /** The smallest pieces to be tried. */
  readonly pieces: number;
  readonly acts: Act[];
}

interface Case {
  readonly title: string;
  readonly line: number;
  readonly script: string;
  readonly log: string;
}

/** Octets of a case that is tried at every split size and with a gap at every offset; of larger ones a few sizes do. */
const THOROUGH = 3000;
/** Gaps tried per case. */
const GAPS = 400;

/** Makes a test of every case in the file: `runCases(new URL('./requests.md', import.meta.url))`. */
export function runCases(file: URL, protocols?: readonly Protocol[]): void {
  const path = fileURLToPath(file);
  const name = basename(path);
  const text = readFileSync(path, 'utf8');
  const cases = casesOf(text);
  describe(name, () => {
    if (process.env['BLESS']) writeFileSync(path, blessed(text, cases, protocols));
    for (const one of process.env['BLESS'] ? casesOf(readFileSync(path, 'utf8')) : cases) {
      test(`${name}:${one.line} ${one.title}`, () => runCase(one, protocols));
    }
  });
}

function runCase(one: Case, protocols: readonly Protocol[] | undefined): void {
  const script = scriptOf(one.script);
  const whole = logOf(script, protocols);
  expect(whole.join('\n')).toBe(one.log);
  const expected = normalised(whole).join('\n');
  for (const size of splitSizes(script)) {
    expect(normalised(logOf(split(script, size), protocols)).join('\n'), `in pieces of ${size}`).toBe(expected);
  }
  for (const holed of gapped(script)) logOf(holed, protocols);
}

/** The log of a script fed as it is. */
export function logOf(script: Script, protocols?: readonly Protocol[]): string[] {
  const log = new MessageLog();
  const recogniser = new Recogniser(log, protocols);
  const streams = { forward: silentStream(), reverse: silentStream() };
  const connection = { ...fakeConnection(script.midstream), ...streams };
  let frame = 0;
  let forgotten = false;
  for (const act of script.acts) {
    const moment = 'frame' in act ? (act.frame as Moment) : { at: ++frame * MILLISECOND, frame };
    if (act.kind === 'octets') {
      streams[act.direction].position += act.bytes.length;
      recogniser.chunk(connection, act.direction, octetsOf(act.bytes), moment);
    } else if (act.kind === 'gap') {
      streams[act.direction].position += act.length;
      recogniser.gap(connection, act.direction, act.length, act.why, moment);
    } else if (act.kind === 'ack') streams[opposite(act.direction)].acknowledged = act.octets;
    else if (act.kind === 'fin') recogniser.finished(connection, act.direction, moment);
    else if (act.kind === 'rst') recogniser.reset(connection, act.direction, moment);
    else {
      forgotten = true;
      recogniser.forgotten(connection, 'idle', moment.at);
    }
  }
  if (!forgotten) recogniser.forgotten(connection, 'end', ++frame * MILLISECOND);
  const { unrecognised, tunnels } = recogniser.counts;
  if (unrecognised) log.lines.push('unrecognised');
  if (tunnels) log.lines.push('tunnel');
  return log.lines;
}

/** Every case of a Markdown text. */
export function casesOf(markdown: string): Case[] {
  const cases: Case[] = [];
  const pattern = /^#+ (.+)$|^```octets\n([\s\S]*?)^```\n+```log\n([\s\S]*?)^```$/gm;
  let title = '';
  for (const found of markdown.matchAll(pattern)) {
    if (found[1] !== undefined) {
      title = found[1];
      continue;
    }
    const line = markdown.slice(0, found.index).split('\n').length;
    cases.push({ title, line, script: found[2] ?? '', log: (found[3] ?? '').trimEnd() });
  }
  return cases;
}

function blessed(markdown: string, cases: readonly Case[], protocols: readonly Protocol[] | undefined): string {
  let next = 0;
  return markdown.replace(/^```log\n[\s\S]*?^```$/gm, () => {
    const one = cases[next++] as Case;
    const lines = logOf(scriptOf(one.script), protocols);
    return `\`\`\`log\n${lines.map((line) => `${line}\n`).join('')}\`\`\``;
  });
}

/** Reads an `octets` block. */
export function scriptOf(text: string): Script {
  const acts: Act[] = [];
  let midstream = false;
  let pieces = 1;
  for (const line of text.split('\n')) {
    if (line === '') continue;
    if (line === 'midstream') midstream = true;
    else if (line.startsWith('pieces ')) pieces = Number(line.slice('pieces '.length));
    else if (line === 'forget') acts.push({ kind: 'forget' });
    else addAct(acts, line);
  }
  return { midstream, pieces, acts };
}

function addAct(acts: Act[], line: string): void {
  const found = /^([<>])(\+?)(hex|x|gap|ack|FIN|RST|)(?: (.*))?$/.exec(line);
  if (!found) throw new Error(`not a line of a case: ${line}`);
  const direction: Direction = found[1] === '>' ? 'forward' : 'reverse';
  const rest = found[4] ?? '';
  switch (found[3]) {
    case 'FIN':
      acts.push({ kind: 'fin', direction });
      return;
    case 'RST':
      acts.push({ kind: 'rst', direction });
      return;
    case 'ack':
      acts.push({ kind: 'ack', direction, octets: Number(rest) });
      return;
    case 'gap': {
      const [length, why] = rest.split(' ');
      acts.push({ kind: 'gap', direction, length: Number(length), why: why as GapWhy });
      return;
    }
  }
  const bytes = found[3] === 'hex' ? hexOctets(rest) : found[3] === 'x' ? repeated(rest) : textOctets(rest);
  const latest = acts.at(-1);
  if (found[2] === '') acts.push({ kind: 'octets', direction, bytes });
  else if (latest?.kind === 'octets') latest.bytes = Uint8Array.from([...latest.bytes, ...bytes]);
  else throw new Error(`nothing to add to: ${line}`);
}

function hexOctets(text: string): Uint8Array {
  return Uint8Array.from(text.trim().split(/\s+/), (pair) => Number.parseInt(pair, 16));
}

function repeated(text: string): Uint8Array {
  const [count, ...rest] = text.split(' ');
  const piece = textOctets(rest.join(' '));
  return Uint8Array.from({ length: Number(count) * piece.length }, (_, i) => piece[i % piece.length] as number);
}

/** Text with escapes as octets, one a character. */
export function textOctets(text: string): Uint8Array {
  const plain = text.replace(/\\(?:x([0-9a-fA-F]{2})|(.))/g, (_, hex: string | undefined, letter: string) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    return { r: '\r', n: '\n', t: '\t', '0': '\0' }[letter] ?? letter;
  });
  return Uint8Array.from(plain, (character) => character.charCodeAt(0));
}

/** The acts of a script with their frames fixed, so that pieces of one frame share its moment. */
function framed(script: Script): (Act & { frame: Moment })[] {
  return script.acts.map((act, i) => ({ ...act, frame: { at: (i + 1) * MILLISECOND, frame: i + 1 } }));
}

/** The same script with octets in pieces of `size`. */
export function split(script: Script, size: number): Script {
  const acts = framed(script).flatMap((act): Act[] => {
    if (act.kind !== 'octets') return [act];
    const pieces = Math.ceil(act.bytes.length / size);
    return Array.from({ length: pieces }, (_, i) => ({ ...act, bytes: act.bytes.slice(i * size, (i + 1) * size) }));
  });
  return { ...script, acts };
}

function splitSizes(script: Script): number[] {
  const lengths = script.acts.map((act) => (act.kind === 'octets' ? act.bytes.length : 0));
  const longest = Math.max(1, ...lengths);
  const total = lengths.reduce((sum, length) => sum + length, 0);
  if (total > THOROUGH) return [7, 536, 1448].filter((size) => size < longest);
  return Array.from({ length: longest - 1 }, (_, i) => i + 1).filter((size) => size >= script.pieces);
}

/** The same script with one octet, or the rest of a frame, missing at one offset: every offset in turn. */
export function* gapped(script: Script): Generator<Script> {
  const frames = framed(script);
  const total = frames.reduce((sum, act) => sum + (act.kind === 'octets' ? act.bytes.length : 0), 0);
  const stride = Math.ceil(total / GAPS);
  for (const [index, act] of frames.entries()) {
    if (act.kind !== 'octets') continue;
    for (let at = 0; at < act.bytes.length; at += stride) {
      for (const [length, why] of [[1, 'lost'] as const, [act.bytes.length - at, 'cut'] as const]) {
        const { direction, frame, bytes } = act;
        const before = { ...act, bytes: bytes.slice(0, at) };
        const gap = { kind: 'gap' as const, direction, length, why, frame };
        const after = { ...act, bytes: bytes.slice(at + length) };
        yield { ...script, acts: frames.toSpliced(index, 1, before, gap, after) };
      }
    }
  }
}

/** A stream of which nothing was seen. */
function silentStream(): StreamFacts & { position: number; acknowledged: number } {
  return {
    octets: 0,
    position: 0,
    firstOctet: undefined,
    lastOctet: undefined,
    fin: undefined,
    rst: undefined,
    retransmissions: 0,
    missing: 0,
    acknowledged: 0,
    lastAcknowledgement: undefined,
    zeroWindow: false,
    ttl: 64,
    rstTtl: 0,
  };
}

/** A connection of which nothing is known but its ends. */
export function fakeConnection(midstream = false): Connection {
  const moment = { at: 0, frame: 0 };
  return {
    id: 1,
    transport: 'tcp',
    active: endpoint('192.0.2.1', 40000),
    passive: endpoint('192.0.2.2', 80),
    midstream,
    first: moment,
    last: moment,
    syn: midstream ? undefined : moment,
    syns: midstream ? 0 : 1,
    lastSyn: undefined,
    synAck: undefined,
    established: moment,
    refusal: undefined,
    forward: silentStream(),
    reverse: silentStream(),
    incomplete: false,
  };
}

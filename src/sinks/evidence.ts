/**
 * `--save-evidence`: which frames belong to an incident. A capture is never held whole, so this is a second pass over
 * the file: the first one leaves a plan an incident (its connections and when they mattered), the second one picks.
 * Who decodes frames and who writes files is passed in.
 */
import type { Connection } from '../model/connection.ts';
import { addressText, type Endpoint, endpoint } from '../model/endpoint.ts';
import type { Exchange } from '../model/exchange.ts';
import type { AddressWords, SegmentSink } from '../model/segment.ts';
import type { Frame } from '../model/source-record.ts';
import { MILLISECOND, type Nanos, SECOND } from '../model/time.ts';
import type { Verdict } from '../model/verdict.ts';
import { safeText } from './safe-text.ts';
import type { Mask } from './secrets.ts';
import { blamedAttempt } from './tally.ts';

/** Files one run may write: as many as somebody looks at, far from filling a disk with names. */
export const EVIDENCE_FILES_LIMIT = 100;
/** Files of one cause at one peer, so that a flood of one kind leaves room for the rare ones. */
export const EVIDENCE_FILES_PER_KIND = 10;

/** Kept before a request on a reused connection: longer than the usual keep-alive timeouts (60 s), which it may show. */
const LEAD: Nanos = 65 * SECOND;
/** Kept after the last frame known when the verdict was given: late acknowledgements and FINs. */
const TAIL: Nanos = SECOND;

/** Frames between two endpoints that a plan wants. */
interface Wanted {
  readonly one: string;
  readonly other: string;
  /** The handshake is always kept: without it Wireshark cannot number the stream. */
  readonly handshake: { readonly first: number; readonly last: number };
  readonly from: Nanos;
  readonly to: Nanos;
}

export interface EvidencePlan {
  readonly id: string;
  readonly cause: string;
  /** For the head of the file. */
  readonly comment: string;
  readonly wanted: readonly Wanted[];
  /** Address nobody answered for: its ARP or neighbour discovery is wanted. */
  readonly silent: ReadonlySet<string>;
}

export class EvidencePlans {
  readonly plans: EvidencePlan[] = [];
  /** Incidents beyond the limits. */
  omitted = 0;
  readonly #kinds = new Map<string, number>();
  readonly #mask: Mask;

  constructor(mask: Mask) {
    this.#mask = mask;
  }

  add(verdict: Verdict): void {
    if (verdict.incident.kind !== 'incident') return;
    const kind = `${verdict.finding.cause} ${blamedAttempt(verdict)?.attempt.peer.text ?? ''}`;
    const known = this.#kinds.get(kind) ?? 0;
    if (this.plans.length >= EVIDENCE_FILES_LIMIT || known >= EVIDENCE_FILES_PER_KIND) {
      this.omitted++;
      return;
    }
    this.#kinds.set(kind, known + 1);
    this.plans.push(planOf(verdict, this.#mask));
  }
}

/** What to pick for one incident, or one hidden failure. */
export function planOf({ incident, finding, attempts }: Verdict, mask: Mask): EvidencePlan {
  const exchanges = [incident.exchange, ...attempts.flatMap(({ attempt }) => attempt.exchange ?? [])];
  const silent = attempts.flatMap(({ attempt }) => attempt.silent?.target ?? []);
  const { resolver } = incident;
  const wanted = exchanges.map(wantedOf);
  if (resolver) {
    const from = resolver.asked.at - MILLISECOND;
    const to = (resolver.answered ?? incident.settled).at + TAIL;
    wanted.push(pair(resolver.asker, resolver.server, { first: 0, last: 0 }, from, to));
  }
  return {
    id: incident.id,
    cause: finding.cause,
    comment: safeText(mask.text(`why502 ${incident.id}: ${finding.cause}, ${finding.confidence}. ${finding.sentence}`)),
    wanted,
    silent: new Set(silent),
  };
}

function wantedOf({ connection, start }: Exchange): Wanted {
  const { first, last } = connection;
  const handshake = { first: first.frame, last: handshakeEnd(connection) };
  return pair(connection.active, connection.passive, handshake, Math.max(first.at, start.at - LEAD), last.at + TAIL);
}

function handshakeEnd({ established, synAck, lastSyn }: Connection): number {
  return (established ?? synAck ?? lastSyn)?.frame ?? 0;
}

function pair(a: Endpoint, b: Endpoint, handshake: Wanted['handshake'], from: Nanos, to: Nanos): Wanted {
  return { one: a.text, other: b.text, handshake, from, to };
}

/** Decodes a frame and calls the sink with what it says, before it returns. */
export type Decode = (sink: SegmentSink) => { frame(frame: Frame): void };

/** Where the frames of one plan go. */
export type Keep = (plan: EvidencePlan, frame: Frame) => void;

/** The second pass: give it every frame, it hands those of a plan on. */
export function evidencePicker(plans: readonly EvidencePlan[], decode: Decode, keep: Keep): (frame: Frame) => void {
  const byPorts = indexByPorts(plans);
  const silent = plans.filter((plan) => plan.silent.size > 0);
  const hits = new Set<EvidencePlan>();
  let current: Frame;

  const between = (source: AddressWords, sourcePort: number, destination: AddressWords, port: number): void => {
    const candidates = byPorts.get(portsKey(sourcePort, port));
    if (!candidates) return;
    const from = endpoint(addressText(source), sourcePort).text;
    const to = endpoint(addressText(destination), port).text;
    for (const { plan, wanted } of candidates) if (isWanted(wanted, from, to, current)) hits.add(plan);
  };
  const tuple = (said: { source: AddressWords; sourcePort: number } & Ends): void =>
    between(said.source, said.sourcePort, said.destination, said.destinationPort);
  const decoder = decode({
    segment: tuple,
    unreachable: tuple,
    datagram: tuple,
    neighbour({ target }) {
      if (silent.length === 0) return;
      const address = addressText(target);
      for (const plan of silent) if (plan.silent.has(address)) hits.add(plan);
    },
  });
  return (frame) => {
    current = frame;
    decoder.frame(frame);
    if (hits.size === 0) return;
    for (const plan of hits) keep(plan, frame);
    hits.clear();
  };
}

/** What was saved and what was not, for the user. */
export function evidenceText(
  directory: string,
  saved: { readonly files: number; readonly omitted: number },
  omitted: number,
): string[] {
  const lines = [
    `Saved ${saved.files} ${saved.files === 1 ? 'file' : 'files'} in ${directory} (as captured: with secrets).`,
  ];
  if (omitted > 0) {
    lines.push(
      `${omitted} more ${omitted === 1 ? 'incident was' : 'incidents were'} not saved: at most ${EVIDENCE_FILES_PER_KIND} a cause and peer, ${EVIDENCE_FILES_LIMIT} in all.`,
    );
  }
  if (saved.omitted > 0) lines.push(`${saved.omitted} frames were left out of files that were full.`);
  return lines;
}

interface Ends {
  readonly destination: AddressWords;
  readonly destinationPort: number;
}

function isWanted(
  { one, other, handshake, from, to }: Wanted,
  source: string,
  destination: string,
  frame: Frame,
): boolean {
  if (!((source === one && destination === other) || (source === other && destination === one))) return false;
  if (frame.number >= handshake.first && frame.number <= handshake.last) return true;
  return frame.at >= from && frame.at <= to;
}

type Index = ReadonlyMap<number, readonly { readonly plan: EvidencePlan; readonly wanted: Wanted }[]>;

/** Most frames belong to no plan: one look-up by ports says so, in both directions. */
function indexByPorts(plans: readonly EvidencePlan[]): Index {
  const index = new Map<number, { plan: EvidencePlan; wanted: Wanted }[]>();
  for (const plan of plans) {
    for (const wanted of plan.wanted) {
      const key = portsKey(portOf(wanted.one), portOf(wanted.other));
      const listed = index.get(key);
      if (listed) listed.push({ plan, wanted });
      else index.set(key, [{ plan, wanted }]);
    }
  }
  return index;
}

function portsKey(a: number, b: number): number {
  return a < b ? a * 65_536 + b : b * 65_536 + a;
}

function portOf(text: string): number {
  return Number(text.slice(text.lastIndexOf(':') + 1)) || 0;
}

/**
 * An incident as a ladder: who said what to whom, and when. Steps come from the exchanges themselves, so that a successful
 * attempt is told as fully as a failed one; kernel events come from the evidence and stand in a column of their own.
 */

import type { Direction } from '../../model/connection.ts';
import type { Exchange } from '../../model/exchange.ts';
import type { ProtocolName } from '../../model/message.ts';
import type { Moment } from '../../model/time.ts';
import type { JudgedAttempt, Verdict } from '../../model/verdict.ts';
import { PROTOCOL_WORDS, plural } from '../text/words.ts';
import { durationText } from '../time-text.ts';
import type { Role } from './frame.ts';
import { processText } from './peers.ts';

/** Who stands above a column. `lane` of a peer is its place among the peers asked. */
export type Lane = 'client' | 'gateway' | 'kernel' | number;

export interface Step {
  readonly moment: Moment;
  readonly from: Lane;
  readonly to: Lane;
  readonly text: string;
  readonly role: Role;
  /** Attempt it belongs to, counted from 0; -1: the client's side. */
  readonly attempt: number;
  /** It never reached the other side, or ended all. */
  readonly broken: boolean;
}

export interface LadderPeer {
  readonly name: string;
  /** Who did it there, where the kernel told. */
  readonly process: string | undefined;
}

export interface Ladder {
  /** In the order they were asked, each once. */
  readonly peers: readonly LadderPeer[];
  /** The gateway's process, where the kernel told. */
  readonly gateway: string | undefined;
  readonly kernel: boolean;
  readonly steps: readonly Step[];
}

/** Steps of one incident; a client that retransmits forever would fill the screen. */
const STEPS_LIMIT = 400;

export function ladderOf({ incident, attempts, finding }: Verdict): Ladder {
  const names = [...new Set(attempts.map(({ attempt }) => attempt.peer.text))];
  const peers = names.map((name) => ({ name, process: processAt(name, attempts) }));
  const steps = [...frontSteps(incident.exchange)];
  attempts.forEach((judged, at) => {
    const lane = names.indexOf(judged.attempt.peer.text);
    steps.push(...attemptSteps(judged, at, lane, peers[lane]?.process));
  });
  const told = new Set(attempts.flatMap((judged) => judged.finding?.evidence ?? []));
  for (const evidence of finding.evidence) {
    if (evidence.source !== 'kernel' || told.has(evidence)) continue;
    steps.push(kernelStep(evidence.moment, evidence.text, 'gateway', -1));
  }
  steps.sort((a, b) => a.moment.at - b.moment.at || a.moment.frame - b.moment.frame);
  const kernel = steps.some(({ from }) => from === 'kernel');
  return { peers, gateway: gatewayProcess(attempts), kernel, steps: steps.slice(0, STEPS_LIMIT) };
}

/** The process that ended a connection at this peer, or listens there. */
function processAt(name: string, attempts: readonly JudgedAttempt[]): string | undefined {
  const { witness } = attempts.findLast(({ attempt }) => attempt.peer.text === name)?.attempt ?? {};
  const process = witness?.closer?.process ?? witness?.ending?.server ?? witness?.listener?.process;
  return process && processText(process);
}

function gatewayProcess(attempts: readonly JudgedAttempt[]): string | undefined {
  const ending = attempts.find(({ attempt }) => attempt.witness?.ending)?.attempt.witness?.ending;
  return ending && processText(ending.process);
}

function kernelStep(moment: Moment, text: string, to: Lane, attempt: number): Step {
  return { moment, from: 'kernel', to, text, role: 'warn', attempt, broken: false };
}

function frontSteps({ request, response, end, clientClose, start }: Exchange): Step[] {
  const steps: Step[] = [];
  const say = (moment: Moment, toGateway: boolean, text: string, role: Role, broken = false): void => {
    const [from, to]: [Lane, Lane] = toGateway ? ['client', 'gateway'] : ['gateway', 'client'];
    steps.push({ moment, from, to, text, role, attempt: -1, broken });
  };
  if (request) {
    const whole = request.end ? '' : ' (body still on its way)';
    say(request.end ?? request.head, true, `${request.method} ${request.target}${whole}`, 'plain');
  } else say(start, true, 'connection', 'plain');
  if (clientClose && (!response?.head || clientClose.frame < response.head.frame)) {
    say(clientClose, true, clientClose.rst ? 'RST' : 'FIN', 'warn', clientClose.rst);
  }
  if (response) {
    const { status, head, start: first } = response;
    say(head ?? first, false, status > 0 ? String(status) : 'answer', status >= 500 ? 'bad' : 'good');
  } else if (end) say(end.moment, false, 'closed without an answer', 'bad', true);
  return steps;
}

function attemptSteps(
  { attempt, finding }: JudgedAttempt,
  at: number,
  peer: Lane,
  process: string | undefined,
): Step[] {
  const { exchange, silent } = attempt;
  const steps: Step[] = [];
  const say: Say = (moment, toPeer, text, role = 'plain', broken = false) => {
    const [from, to]: [Lane, Lane] = toPeer ? ['gateway', peer] : [peer, 'gateway'];
    steps.push({ moment, from, to, text, role, attempt: at, broken });
  };
  if (silent) {
    say(silent.first, true, `who has ${silent.target}?`, 'plain', true);
    say(silent.last, true, `who has ${silent.target}? asked ${silent.queries} times, no answer`, 'bad', true);
  }
  if (exchange) {
    opening(exchange, say);
    encryption(exchange, say);
    talk(exchange, say);
    faults(exchange, say);
    closing(exchange, say);
  }
  for (const { source, moment, text } of finding?.evidence ?? []) {
    if (source !== 'kernel') continue;
    const own = moment.frame === attempt.witness?.logged?.moment.frame;
    steps.push(own ? kernelStep(moment, text, 'gateway', at) : kernelStep(moment, ofProcess(text, process), peer, at));
  }
  return steps;
}

/** Short, for a lane: the process that stands above it is not named again; the kernel's own word is among the evidence. */
function ofProcess(text: string, process: string | undefined): string {
  const short = text.replace(/ \([A-Z_]+\)/, '');
  return process !== undefined && short.startsWith(`${process} `) ? short.slice(process.length + 1) : short;
}

type Say = (moment: Moment, toPeer: boolean, text: string, role?: Role, broken?: boolean) => void;

function opening(exchange: Exchange, say: Say): void {
  const { connection, reused, idle, nth, request } = exchange;
  if (reused) {
    const since = idle === undefined || idle < 0 ? '' : `, idle ${durationText(idle)}`;
    if (request) say(request.start, true, `reused, request ${nth}${since}`, 'quiet');
    return;
  }
  const { syn, syns, lastSyn, synAck, refusal } = connection;
  if (syn) say(syn, true, 'SYN', 'plain', !synAck && !refusal);
  if (lastSyn && syns > 1) say(lastSyn, true, `SYN again, ${syns} in all`, 'warn', !synAck && !refusal);
  if (synAck) say(synAck, false, 'SYN,ACK');
  if (refusal?.how === 'rst') say(refusal.moment, false, 'RST: refused', 'bad', true);
  else if (refusal)
    say(refusal.moment, false, `ICMP unreachable, code ${refusal.code}, from ${refusal.reporter}`, 'bad', true);
}

function encryption({ tls }: Exchange, say: Say): void {
  if (!tls) return;
  if (tls.clientHello)
    say(tls.clientHello, true, `TLS ClientHello${tls.serverName === '' ? '' : ` ${tls.serverName}`}`);
  if (tls.serverHello) say(tls.serverHello, false, 'TLS ServerHello');
  if (tls.applicationData) say(tls.applicationData, true, 'TLS application data');
  if (tls.answer) say(tls.answer, false, 'TLS application data');
  for (const alert of tls.alerts) {
    const name = alert.description < 0 ? 'encrypted' : String(alert.description);
    say(alert.moment, isClients(alert), `TLS alert ${name}`, 'bad');
  }
}

/** What a request is made of on the wire, by protocol. */
const REQUESTS: Partial<Readonly<Record<ProtocolName, string>>> = {
  fastcgi: 'BEGIN PARAMS STDIN',
  uwsgi: 'uwsgi variables',
  scgi: 'SCGI header',
};

function talk(exchange: Exchange, say: Say): void {
  const { protocol, request, response, endRequest, stderr, serverOctets, serverClose, start } = exchange;
  if (request) {
    const records = protocol && REQUESTS[protocol];
    const text = records ? `${records} (${plural(request.octets, 'octet')})` : `${request.method} ${request.target}`;
    if (request.end) say(request.end, true, text);
    else say(request.head, true, `${text}, not complete`, 'warn');
  }
  if (stderr !== '')
    say(endRequest?.moment ?? response?.start ?? serverClose ?? start, false, `STDERR ${stderr}`, 'warn');
  if (response?.head) {
    const name = protocol === 'fastcgi' ? 'STDOUT ' : '';
    say(response.head, false, `${name}${response.status}`, response.status >= 500 ? 'bad' : 'good');
  } else if (response) {
    const spoken = protocol ? PROTOCOL_WORDS[protocol] : '';
    say(response.start, false, `${plural(serverOctets, 'octet')} of a response, no ${spoken} header`, 'warn');
  }
  if (endRequest) {
    say(
      endRequest.moment,
      false,
      `END_REQUEST, exit ${endRequest.appStatus}`,
      endRequest.appStatus === 0 ? 'plain' : 'bad',
    );
  }
}

function faults({ faults: all, goaway, streamReset }: Exchange, say: Say): void {
  for (const fault of all) {
    say(fault.moment, isClients(fault), `${fault.name}${fault.detail === '' ? '' : `: ${fault.detail}`}`, 'bad');
  }
  if (goaway) say(goaway.moment, false, `GOAWAY, code ${goaway.code}`, 'bad');
  if (streamReset) say(streamReset.moment, false, `RST_STREAM, code ${streamReset.code}`, 'bad');
}

function isClients({
  direction,
  dialogue,
}: {
  direction: Direction;
  dialogue: { clientDirection: Direction };
}): boolean {
  return direction === dialogue.clientDirection;
}

function closing({ serverClose, clientClose, response }: Exchange, say: Say): void {
  const answered = response?.how === 'complete';
  if (serverClose) {
    const role: Role = answered ? 'quiet' : 'bad';
    say(serverClose, false, serverClose.rst ? 'RST' : 'FIN', role, serverClose.rst);
  }
  if (clientClose) say(clientClose, true, clientClose.rst ? 'RST' : 'FIN', 'quiet', clientClose.rst);
}

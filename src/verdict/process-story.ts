/**
 * Why the peer's process ended the connection, from what the kernel told of it: the subcauses that packets cannot tell
 * apart. `undefined` where the kernel told nothing of that end: the peer is elsewhere, or was not asked.
 */
import type { AttemptWitness, Dropped, NotAccepting, Process, Signalled } from '../model/kernel-event.ts';
import type { Moment, Nanos } from '../model/time.ts';
import { elapsed } from '../model/time.ts';
import type { Evidence } from '../model/verdict.ts';
import { dropText, evidenceOf, nameOf } from './process-evidence.ts';
import { isEnding, isFault, signalName } from './signal-names.ts';
import { processUnseen } from './story.ts';
import type { Wire } from './wire-facts.ts';
import { duration, kernel, maybeLimit } from './words.ts';

export interface ProcessStory {
  readonly subcause: string;
  readonly sentence: string;
  readonly evidence: readonly Evidence[];
  readonly advice: readonly string[];
}

/** The process that starts all others, and stops them: systemd, or what a container has in its place. */
const INIT = 1;

/** What the story is about: an attempt, as far as it matters to the process at its other end. */
export interface Subject {
  readonly witness: AttemptWitness | undefined;
  readonly peer: string;
  readonly fastcgi: boolean;
  /** Octets were left unread: it was reset. */
  readonly reset: boolean;
  /** When the gateway could know of the end, and since when it had waited for an answer. */
  readonly end: Moment | undefined;
  readonly waited: Nanos | undefined;
}

export function processStory({ attempt, exchange, peer, close, waited }: Wire): ProcessStory | undefined {
  const fastcgi = exchange.protocol === 'fastcgi';
  return storyOf({ witness: attempt.witness, peer, fastcgi, reset: close?.rst === true, end: close, waited });
}

export function storyOf(subject: Subject): ProcessStory | undefined {
  const { witness } = subject;
  const closer = witness?.closer;
  if (!witness || !closer) return witness?.foreignReset ? middlebox(witness.drop) : undefined;
  const evidence = evidenceOf(witness);
  if (closer.kind === 'reset-sent' && !closer.accepted) {
    const who = closer.process ? nameOf(closer.process) : 'The listener';
    return {
      subcause: 'queued-at-stop',
      sentence: `${who} stopped listening while the connection was still queued: nobody had accepted it.`,
      evidence,
      advice: [
        `Let the queue run dry before the service at ${subject.peer} stops, or restart it with socket activation.`,
      ],
    };
  }
  const { process } = closer;
  if (!process) return undefined;
  if (closer.death) return deathStory(subject, witness, process, evidence);
  // It closes its connections before it goes.
  const order = witness.signals.find(
    ({ sender, signal, moment }) => sender && isEnding(signal) && moment.frame < closer.moment.frame,
  );
  const ordered = order && maybeOrdered(subject, witness, process, order, evidence);
  return ordered ?? livingStory(subject, witness, process, evidence);
}

/** What else the packets might mean is settled once the process is known. */
export function isTold(wire: Wire): boolean {
  return processStory(wire) !== undefined;
}

/** `10.0.0.7:9000 reset the connection`, unless it was somebody else. */
export function whoReset({ peer }: Wire, story: ProcessStory | undefined): string {
  return story?.subcause === 'middlebox' ? `The connection to ${peer} was reset` : `${peer} reset the connection`;
}

/** Where the peer's process is not known: why not. */
export function unseenProcess(wire: Wire): readonly string[] {
  if (isTold(wire)) return [];
  const { witness } = wire.attempt;
  if (wire.exchange.connection.transport === 'unix') {
    const process = witness?.listener?.process;
    const listener = process ? `; ${nameOf(process)} listens there` : '';
    return [`the peer's process: none was seen to read from this connection${listener}`];
  }
  if (witness && wire.responseOctets > 0 && !wire.close?.rst)
    return ["the peer's process: who closes a connection that it had begun to answer is not told"];
  if (witness && !witness.tellsClosers)
    return ["the peer's process: this kernel does not tell who closes a connection"];
  if (witness) return ["the peer's process: it is not on this host, or closed before the kernel was asked"];
  return processUnseen(wire);
}

function deathStory(
  subject: Subject,
  witness: AttemptWitness,
  process: Process,
  evidence: readonly Evidence[],
): ProcessStory {
  const who = nameOf(process);
  const { signal = 0, code = 0 } = witness.closer?.death ?? {};
  const before = beforeEnd(subject, witness.exit?.moment);
  if (witness.oom) {
    return {
      subcause: 'worker-killed',
      sentence: `${who} was killed by the OOM killer${before}: there was no memory left for it.`,
      evidence,
      advice: ['Find what takes the memory (dmesg names the cgroup), raise the limit or run fewer workers.'],
    };
  }
  const told = witness.signals.find(({ sender }) => sender !== undefined);
  const sender = told?.sender;
  const ordered = told && maybeOrdered(subject, witness, process, told, evidence);
  if (ordered) return ordered;
  if (signal > 0) {
    return {
      subcause: 'worker-killed',
      sentence: `${who} ${killedHow(process, signal, sender)}${before}.`,
      evidence,
      advice: killAdvice(process, signal, sender),
    };
  }
  return {
    subcause: subject.reset ? 'closed-unread' : 'app-closed',
    sentence: `${who} exited by itself with code ${code}${before}, with the request unanswered.`,
    evidence,
    advice: [`Find in the log of ${process.name} why it exited with code ${code}.`],
  };
}

/** Whoever ends its services or its workers said so: because all is to end, or because this one took too long. */
function maybeOrdered(
  subject: Subject,
  witness: AttemptWitness,
  process: Process,
  told: Signalled,
  evidence: readonly Evidence[],
): ProcessStory | undefined {
  const { sender, signal, byParent } = told;
  if (!sender) return undefined;
  const who = nameOf(process);
  if (isStop(told, witness.orders)) {
    const before = beforeEnd(subject, witness.exit?.moment);
    return {
      subcause: 'service-stopping',
      sentence: `${who} was stopped with ${signalName(signal)} by ${nameOf(sender)}${before}: the service was stopping or reloading.`,
      evidence,
      advice: ['Let requests under way finish before workers end: process_control_timeout (FPM), graceful timeouts.'],
    };
  }
  if (!byParent) return undefined;
  const { waited } = subject;
  const limit = waited === undefined ? undefined : maybeLimit(waited);
  const after = waited === undefined ? '' : `, ${duration(waited)} after the request`;
  return {
    subcause: 'worker-timeout-kill',
    sentence: `${who} was killed by its own master ${nameOf(sender)} with ${signalName(signal)}${after}.`,
    evidence,
    advice: [
      limit === undefined
        ? `Find in the log of ${sender.name} at that second why it ended this worker: a time limit, most often (request_terminate_timeout, harakiri, --timeout).`
        : `A time limit of ${limit} s looks like that: request_terminate_timeout, harakiri, --timeout.`,
      "Find the slow call (FPM's slowlog, the application's own log); raise the limit only if it has to take so long.",
    ],
  };
}

function killedHow(process: Process, signal: number, sender: Process | undefined): string {
  const name = signalName(signal);
  if (!sender) return isFault(signal) ? `crashed with ${name}` : `was killed with ${name}`;
  return sender.id === process.id ? `killed itself with ${name}` : `was killed with ${name} by ${nameOf(sender)}`;
}

function killAdvice(process: Process, signal: number, sender: Process | undefined): readonly string[] {
  if (sender?.id === process.id)
    return [
      `Find what ${process.name} ran in this request: it sent ${signalName(signal)} to itself (kill(), abort()).`,
    ];
  if (sender) return [`Find out why ${sender.name} sent ${signalName(signal)}: its log, or who ran it at that second.`];
  return isFault(signal)
    ? ['Find where it crashed: dmesg has a line for it, coredumpctl the core; then the request that it was serving.']
    : [];
}

/** Its sender was told to stop itself, or stops everything. */
function isStop({ sender, byParent }: Signalled, orders: readonly Signalled[]): boolean {
  return sender?.id === INIT || (byParent && orders.length > 0);
}

function livingStory(
  subject: Subject,
  { closer, notAccepting }: AttemptWitness,
  process: Process,
  evidence: readonly Evidence[],
): ProcessStory {
  const who = nameOf(process);
  if (notAccepting) {
    return {
      subcause: 'descriptors-exhausted',
      sentence: `${starvedText(notAccepting)}, and closed the connection as soon as it was accepted.`,
      evidence,
      advice: starvedAdvice(notAccepting),
    };
  }
  if (closer?.kind === 'peer-closed') {
    return {
      subcause: 'app-closed',
      sentence: `${who} closed the connection by itself and lives on.`,
      evidence,
      advice: [
        `Find in the log of ${process.name} at that second why it closed: an error in the request, or a limit of its own.`,
        'If it happens on every request: check that *_pass and the port agree on the protocol.',
      ],
    };
  }
  const linger = closer?.kind === 'reset-sent' && /LINGER|TCP_STATE|DISCONNECT/.test(closer.reason);
  return linger
    ? {
        subcause: 'linger-abort',
        sentence: `${who} asked for a reset (SO_LINGER 0) and lives on.`,
        evidence,
        advice: [`Look in ${process.name} for resetAndDestroy(), SO_LINGER or an abort of connections.`],
      }
    : {
        subcause: 'closed-unread',
        sentence: `${who} closed the connection without having read all of the request, and lives on.`,
        evidence,
        advice: subject.fastcgi
          ? ["Compare PHP-FPM's listen.allowed_clients with the gateway's address."]
          : [
              `Check that *_pass and the port agree on the protocol, and what ${process.name} turns away: clients, sizes.`,
            ],
      };
}

/** This host is the peer's, too: whatever sent the reset is on it. */
function middlebox(drop: Dropped | undefined): ProcessStory {
  const filter = drop?.reason === 'NETFILTER_DROP';
  return {
    subcause: 'middlebox',
    sentence: filter
      ? 'No socket sent that reset: the packet filter of this host did, and threw a segment of the connection away.'
      : 'No socket of this host sent that reset: something between the two ends did.',
    evidence: drop ? [kernel(drop.moment, dropText(drop))] : [],
    advice: [
      'Find the rule that rejects with a TCP reset: nft list ruleset, iptables-save; then what it is there for.',
    ],
  };
}

const EMFILE = 24;

/** `node 4211 had no file descriptor left (its own limit)`. */
export function starvedText({ process, errno }: NotAccepting): string {
  return `${nameOf(process)} had no file descriptor left (${errno === EMFILE ? 'its own limit' : "the host's limit"})`;
}

export function starvedAdvice({ process, errno }: NotAccepting): readonly string[] {
  return [
    `See what it keeps open: ls -l /proc/${process.id}/fd; connections that are never closed are a leak.`,
    errno === EMFILE
      ? 'Raise the limit: LimitNOFILE= in its unit, ulimit -n where it is started.'
      : 'Raise the limit of the host: sysctl fs.file-max.',
  ];
}

/** `, 0.8 ms before the connection was reset`; empty where it was after that. */
function beforeEnd({ end, reset }: Subject, at: Moment | undefined): string {
  const span: Nanos | undefined = end && at && elapsed(at, end);
  return span === undefined ? '' : `, ${duration(span)} before the connection was ${reset ? 'reset' : 'closed'}`;
}

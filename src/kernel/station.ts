/** Journal entries -> kernel events: the station's face. Bounded: nothing is kept between entries. */
import type { KernelEvent, KernelSink, Talk } from '../model/kernel-event.ts';
import type { JournalEntry, LeftOut, Loss } from '../model/source-record.ts';
import type { Moment, Nanos } from '../model/time.ts';
import { Fields } from './fields.ts';

/** `undefined`: a field that it needs is missing. */
type Reader = (fields: Fields, moment: Moment) => KernelEvent | undefined;

/** nginx's own shape, before the message: when, how bad, who, and on which connection. */
const ERROR_LINE = /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d \[[a-z]+\] \d+#\d+: (?:\*\d+ )?(.*)$/s;

const READERS: Readonly<Record<string, Reader>> = {
  'attempt-ended': (fields, moment) => {
    const process = fields.process();
    const socket = fields.number('SOCKET');
    if (!process || socket === 0) return undefined;
    return {
      kind: 'attempt-ended',
      moment,
      process,
      socket,
      after: fields.number('AFTER'),
      ends: fields.ends(),
      errno: fields.number('ERRNO'),
      neverOpen: fields.flag('NEVER_OPEN'),
      byPeer: fields.flag('ENDED_BY_PEER'),
      first: fields.flag('AFTER_READ'),
      sent: fields.number('SENT'),
      received: fields.number('RECEIVED'),
      reused: fields.flag('REUSED'),
      server: fields.process('OTHER', 'OTHER_NAME'),
      talk: talkOf(fields, moment.at),
    };
  },
  answered: (fields, moment) => {
    const process = fields.process();
    const ends = fields.ends();
    if (!process || !ends) return undefined;
    const after = fields.number('AFTER');
    return {
      kind: 'answered',
      moment,
      process,
      ends,
      socket: fields.number('SOCKET'),
      after,
      direct: fields.flag('DIRECT'),
      status: fields.number('STATUS'),
      talk: talkOf(fields, moment.at),
      nth: fields.number('NTH'),
      frames: fields.text('PROTOCOL') === 'http/2',
    };
  },
  logged: (fields, moment) => {
    const process = fields.process();
    const socket = fields.number('SOCKET');
    const line = ERROR_LINE.exec(fields.line('LINE'))?.[1];
    return process && line !== undefined && socket > 0 ? { kind: 'logged', moment, process, socket, line } : undefined;
  },
  'peer-closed': (fields, moment) => {
    const process = fields.process();
    const ends = fields.ends();
    const death = fields.flag('EXITING') ? fields.death() : undefined;
    return process && ends && { kind: 'peer-closed', moment, process, ends, death };
  },
  'reset-sent': (fields, moment) => {
    const ends = fields.ends();
    return (
      ends && {
        kind: 'reset-sent',
        moment,
        process: fields.process(),
        ends,
        reason: fields.text('REASON'),
        accepted: !fields.flag('NOT_ACCEPTED'),
        unread: fields.text('UNREAD') === '' ? undefined : fields.number('UNREAD'),
        death: fields.flag('EXITING') ? fields.death() : undefined,
      }
    );
  },
  exited: (fields, moment) => {
    const process = fields.process();
    return process && { kind: 'exited', moment, process, death: fields.death() };
  },
  signalled: (fields, moment) => {
    const target = fields.process('OTHER', 'OTHER_NAME');
    const signal = fields.number('SIGNAL');
    if (!target || signal === 0) return undefined;
    const sender = fields.flag('BY_KERNEL') ? undefined : fields.process();
    return { kind: 'signalled', moment, signal, sender, target, byParent: fields.flag('BY_PARENT') };
  },
  'oom-victim': (fields, moment) => {
    const victim = fields.process('OTHER', 'OTHER_NAME');
    return victim && { kind: 'oom-victim', moment, victim };
  },
  listening: (fields, moment) => {
    const address = fields.address();
    if (address === undefined) return undefined;
    return {
      kind: 'listening',
      moment,
      process: fields.process(),
      unit: fields.unit(),
      address,
      queue: fields.number('QUEUE'),
      backlog: fields.number('BACKLOG'),
      somaxconn: fields.number('SOMAXCONN'),
    };
  },
  dropped: (fields, moment) => {
    const ends = fields.ends();
    return ends && { kind: 'dropped', moment, ends, reason: fields.text('REASON') };
  },
  'not-accepting': (fields, moment) => {
    const process = fields.process();
    const errno = fields.number('ERRNO');
    return process && { kind: 'not-accepting', moment, process, parent: fields.number('PARENT'), errno };
  },
  witness: (fields, moment) => ({
    kind: 'witness',
    moment,
    probes: fields.text('PROBES').split(' ').filter(Boolean),
    everyReset: fields.flag('EVERY_RESET'),
  }),
};

/** Moments are told by how long before the event they were. */
function talkOf(fields: Fields, at: Nanos): Talk | undefined {
  const request = fields.octets('REQUEST');
  const response = fields.octets('RESPONSE');
  if (request.length === 0) return undefined;
  return {
    request,
    response,
    requestOctets: Math.max(request.length, fields.number('REQUEST_OCTETS')),
    responseOctets: Math.max(response.length, fields.number('RESPONSE_OCTETS')),
    requestedAt: at - fields.number('REQUESTED_BEFORE'),
    respondedAt: at - fields.number('RESPONDED_BEFORE'),
  };
}

/** Told for people only: an attempt's own end names the one before, and packets tell what is sent again, or older. */
const UNREAD = new Set(['retried', 'syn-repeated', 'held', 'not-listed', 'clock']);

export interface KernelCounters {
  /** Events by kind are not counted: they are told where they matter. */
  events: number;
  unreadable: number;
  /** Requests that went well, of any server, and were left out; and those of them for which the host had no processor time. */
  leftOut: number;
  leftOutBusyHost: number;
}

export class KernelEvents {
  readonly counters: KernelCounters = { events: 0, unreadable: 0, leftOut: 0, leftOutBusyHost: 0 };
  readonly #sink: KernelSink;
  readonly #lost: (loss: Loss) => void;
  readonly #leftOut: (leftOut: LeftOut) => void;

  constructor(sink: KernelSink, lost: (loss: Loss) => void, leftOut: (leftOut: LeftOut) => void) {
    this.#sink = sink;
    this.#lost = lost;
    this.#leftOut = leftOut;
  }

  entry({ at, number, fields: named }: JournalEntry): void {
    const fields = new Fields(named);
    const kind = fields.text('EVENT');
    if (kind === '') return;
    this.counters.events++;
    if (kind === 'lost') this.#lost({ at, count: fields.number('LOST'), where: 'kernel events' });
    else if (kind === 'withheld') this.#readLeftOut(fields, at);
    else if (!UNREAD.has(kind))
      this.#read(kind, fields, { at: at + (fields.number('NANOSECOND') % 1000), frame: number });
  }

  #read(kind: string, fields: Fields, moment: Moment): void {
    const event = Object.hasOwn(READERS, kind) ? READERS[kind]?.(fields, moment) : undefined;
    if (event) this.#sink.witnessed(event);
    else this.counters.unreadable++;
  }

  #readLeftOut(fields: Fields, at: Nanos): void {
    const ends = fields.ends();
    const requests = fields.number('REQUESTS');
    this.counters.leftOut += requests;
    if (fields.text('REASON') === 'busy-host') this.counters.leftOutBusyHost += requests;
    if (ends) this.#leftOut({ at, from: ends.local, to: ends.remote });
    else if (requests > 0) this.#leftOut({ at, server: fields.text('SERVER'), requests });
    else this.counters.unreadable++;
  }
}

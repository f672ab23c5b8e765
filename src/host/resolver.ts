/**
 * What a resolver was asked and what became of it: answered, unreachable, or silent for as long as nginx waits before it
 * asks again. A question and its answer have id, both sockets, type and name in common; names in either case (RFC 1035
 * 2.3.3). Each question is told of by itself: nginx asks for A and AAAA. An answer after the silence was told, as to a
 * question repeated, is told too.
 */
import type { HostSink, ResolverAnswer } from '../model/connection.ts';
import { type Endpoint, endpointOf } from '../model/endpoint.ts';
import type { Datagram, Unreachable } from '../model/segment.ts';
import type { Moment, Nanos } from '../model/time.ts';
import type { HostCounters } from './counters.ts';
import { type DnsMessage, readDns } from './dns.ts';
import { type HostLimits, RESOLVER_TIME } from './limits.ts';

const DOMAIN = 53;
const UDP = 17;

interface Question {
  readonly asker: Endpoint;
  readonly server: Endpoint;
  readonly name: string;
  readonly asked: Moment;
}

export class Resolver {
  readonly #sink: Pick<HostSink, 'resolved'>;
  readonly #limits: HostLimits;
  readonly #counters: HostCounters;
  /** The one asked longest ago first. */
  readonly #questions = new Map<string, Question>();

  constructor(sink: Pick<HostSink, 'resolved'>, limits: HostLimits, counters: HostCounters) {
    this.#sink = sink;
    this.#limits = limits;
    this.#counters = counters;
  }

  datagram(datagram: Datagram): void {
    const message = readDns(datagram.octets);
    if (message === undefined) this.#counters.malformed++;
    else if (message.answer) this.#answered(message, datagram);
    else if (datagram.destinationPort === DOMAIN) this.#asked(message, datagram);
  }

  /** ICMP quotes a datagram to a resolver: it does not carry the question, so it is the oldest of that socket. */
  unreachable(about: Unreachable): void {
    if (about.quotedProtocol !== UDP || about.destinationPort !== DOMAIN) return;
    const asker = endpointOf(about.source, about.sourcePort).text;
    const server = endpointOf(about.destination, about.destinationPort).text;
    for (const [key, question] of this.#questions) {
      if (question.asker.text !== asker || question.server.text !== server) continue;
      this.#tell(key, question, 'unreachable', { at: about.at, frame: about.frame }, 0);
      return;
    }
    this.#counters.unasked++;
  }

  tick(now: Nanos): void {
    for (const [key, question] of this.#questions) {
      if (now - question.asked.at < RESOLVER_TIME) return;
      this.#tell(key, question, 'silent', undefined, 0);
    }
  }

  #asked(message: DnsMessage, datagram: Datagram): void {
    const { at, frame } = datagram;
    const asker = endpointOf(datagram.source, datagram.sourcePort);
    const server = endpointOf(datagram.destination, datagram.destinationPort);
    const key = keyOf(asker, server, message);
    const known = this.#questions.get(key);
    if (known !== undefined && at - known.asked.at < RESOLVER_TIME) return;
    if (known !== undefined) this.#tell(key, known, 'silent', undefined, 0);
    if (this.#questions.size >= this.#limits.questions) {
      for (const oldest of this.#questions.keys()) {
        this.#questions.delete(oldest);
        break;
      }
      this.#counters.evicted++;
    }
    this.#questions.set(key, { asker, server, name: message.name, asked: { at, frame } });
  }

  #answered(message: DnsMessage, datagram: Datagram): void {
    const asker = endpointOf(datagram.destination, datagram.destinationPort);
    const server = endpointOf(datagram.source, datagram.sourcePort);
    const key = keyOf(asker, server, message);
    const question = this.#questions.get(key);
    if (question === undefined) this.#counters.unasked++;
    else this.#tell(key, question, message.rcode, { at: datagram.at, frame: datagram.frame }, message.addresses);
  }

  #tell(
    key: string,
    { asker, server, name, asked }: Question,
    outcome: ResolverAnswer['outcome'],
    answered: Moment | undefined,
    addresses: number,
  ): void {
    this.#questions.delete(key);
    this.#sink.resolved({ asker, server, name, asked, outcome, answered, addresses });
  }
}

function keyOf(asker: Endpoint, server: Endpoint, { id, type, name }: DnsMessage): string {
  return `${asker.text} ${server.text} ${id} ${type} ${name.toLowerCase()}`;
}

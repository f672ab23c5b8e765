/**
 * Addresses that nobody answers for. Linux asks three times, a second apart (ARP, RFC 826; neighbour discovery, RFC 4861
 * 7.3.3), and one interval later fails what waits with EHOSTUNREACH. The fact is told with the third question: whether it
 * comes true shows in what fails then. Whoever asks again starts anew.
 */
import type { HostSink } from '../model/connection.ts';
import { addressText } from '../model/endpoint.ts';
import type { AddressWords, Neighbour } from '../model/segment.ts';
import type { Moment, Nanos } from '../model/time.ts';
import type { HostCounters } from './counters.ts';
import { COPY_TIME, type HostLimits, NEIGHBOUR_QUERIES, NEIGHBOUR_TIME } from './limits.ts';

interface Question {
  readonly asker: string;
  readonly target: string;
  readonly first: Moment;
  last: Moment;
  queries: number;
}

export class Neighbours {
  readonly #sink: Pick<HostSink, 'neighbourSilent'>;
  readonly #limits: HostLimits;
  readonly #counters: HostCounters;
  /** By asker and target, the one first asked longest ago first. */
  readonly #questions = new Map<string, Question>();

  constructor(sink: Pick<HostSink, 'neighbourSilent'>, limits: HostLimits, counters: HostCounters) {
    this.#sink = sink;
    this.#limits = limits;
    this.#counters = counters;
  }

  neighbour(neighbour: Neighbour): void {
    const { asker, target, at, frame } = neighbour;
    // Who has no address yet, or asks for its own, asks whether it is taken: silence is what it hopes for (RFC 5227).
    if (isUnspecified(asker)) return;
    const key = `${addressText(asker)} ${addressText(target)}`;
    if (neighbour.what === 'answers') {
      if (!this.#questions.delete(key)) this.#announced(addressText(target));
      return;
    }
    const moment = { at, frame };
    const known = this.#questions.get(key);
    if (known === undefined || at - known.last.at >= NEIGHBOUR_TIME) {
      this.#questions.delete(key);
      this.#ask(key, asker, target, moment);
      return;
    }
    // The same frame, seen on another interface.
    if (at - known.last.at < COPY_TIME) return;
    known.last = moment;
    known.queries++;
    if (known.queries >= NEIGHBOUR_QUERIES) this.#tell(key, known);
  }

  tick(now: Nanos): void {
    for (const [key, question] of this.#questions) {
      if (now - question.first.at < NEIGHBOUR_QUERIES * NEIGHBOUR_TIME) return;
      this.#questions.delete(key);
    }
  }

  #ask(key: string, asker: AddressWords, target: AddressWords, moment: Moment): void {
    const question = {
      asker: addressText(asker),
      target: addressText(target),
      first: moment,
      last: moment,
      queries: 1,
    };
    if (question.asker === question.target) return;
    if (this.#questions.size >= this.#limits.neighbours) {
      for (const oldest of this.#questions.keys()) {
        this.#questions.delete(oldest);
        break;
      }
      this.#counters.evicted++;
    }
    this.#questions.set(key, question);
  }

  /** An answer to nobody in particular (RFC 5227 2.3, RFC 4861 7.2.6): whoever asked for this address has it now. */
  #announced(target: string): void {
    for (const [key, question] of this.#questions) {
      if (question.target === target) this.#questions.delete(key);
    }
  }

  #tell(key: string, question: Question): void {
    this.#questions.delete(key);
    const { asker, target, first, last, queries } = question;
    this.#sink.neighbourSilent({ asker, target, first, last, queries });
  }
}

function isUnspecified({ w0, w1, w2, w3 }: AddressWords): boolean {
  return w0 === 0 && w1 === 0 && (w2 === 0 || w2 === 0xffff) && w3 === 0;
}

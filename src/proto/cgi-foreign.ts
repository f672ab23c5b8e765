/** Octets that begin no answer of FastCGI, uwsgi or SCGI: gathered until their protocol can be named and shown. */
import type { Octets } from '../model/octets.ts';
import { type Foreign, foreign, SAMPLE_LIMIT } from './foreign.ts';
import { latin1 } from './latin1.ts';

const LF = 0x0a;
/** A TLS record header and an alert: all that a server says of a request it takes for TLS. */
const TLS_SAMPLE = 7;
/** Anything else: as much as a FastCGI record header. */
const OTHER_SAMPLE = 8;

/** How many octets it takes is fixed by the octets themselves, so that a sample does not depend on how they were split. */
export class ForeignSample {
  readonly #bytes = new Uint8Array(SAMPLE_LIMIT);
  #length = 0;
  #name: Foreign | undefined = undefined;

  /** Takes octets from `at` until it has enough; returns where it stopped. */
  take(octets: Octets, at: number): number {
    let to = at;
    while (to < octets.end && !this.enough) {
      this.#bytes[this.#length++] = octets.bytes[to++] as number;
      this.#name ??= foreign(this.#bytes, 0, this.#length);
    }
    return to;
  }

  get enough(): boolean {
    if (this.#length === SAMPLE_LIMIT) return true;
    if (this.#name === undefined) return false;
    if (this.#name === 'http') return this.#bytes[this.#length - 1] === LF;
    return this.#length >= (this.#name === 'tls' ? TLS_SAMPLE : OTHER_SAMPLE);
  }

  /** What the octets look like, as far as they came. */
  get name(): Foreign {
    return this.#name ?? 'unknown';
  }

  get first(): number {
    return this.#bytes[0] as number;
  }

  get text(): string {
    return latin1(this.#bytes, 0, this.#length);
  }
}

/**
 * Finds the slot of a connection from the addresses and ports of a segment, whichever way the segment travels.
 * Open addressing with linear probing over typed arrays, at most half full, backward-shift deletion (no tombstones).
 * IPv4 and IPv6 share it: addresses are four words, IPv4 as an IPv4-mapped address.
 *
 * Whoever chooses the addresses may be hostile: the hash is seeded, and whatever it is worth, a look-up ends after about
 * `PROBE_LIMIT` places, because `add` refuses an entry that would have to lie further from its home.
 */
import type { AddressWords } from '../model/segment.ts';

/** Longest run of probes. Half full and well mixed, a run of 128 has a chance below 1e-12; an attacker reaches it. */
export const PROBE_LIMIT = 128;

const FIRST_CAPACITY = 1024;
/** Words of a row: source 0-3, destination 4-7, both ports 8, the hash of them all 9. */
const ROW_WORDS = 10;
const HASH = 9;
/**
 * A place is one word, so that the table stays in a processor's cache: below, the slot plus one (0: empty), above it as
 * many bits of the hash as are left. The place is chosen by the hash's other end.
 */
const SLOT_BITS = (1 << 20) - 1;
const TAG_BITS = ~SLOT_BITS;

/** Mixes one end into 32 bits; the order of the two ends must not matter, so each is mixed alone. */
function mixEnd(words: AddressWords, port: number, seed: number): number {
  let hash = Math.imul(words.w3 ^ seed, 0x9e3779b1);
  if (words.w2 !== 0xffff || words.w1 !== 0 || words.w0 !== 0) {
    hash = Math.imul(hash ^ (hash >>> 15) ^ words.w2, 0x85ebca77);
    hash = Math.imul(hash ^ (hash >>> 13) ^ words.w1, 0xc2b2ae3d);
    hash = Math.imul(hash ^ (hash >>> 15) ^ words.w0, 0x27d4eb2f);
  }
  hash = Math.imul(hash ^ (hash >>> 16) ^ port, 0x7feb352d);
  hash = Math.imul(hash ^ (hash >>> 15), 0x846ca68b);
  return hash ^ (hash >>> 16);
}

/** The hash of a four-tuple, the same from either side. */
export function hashTuple(a: AddressWords, aPort: number, b: AddressWords, bPort: number, seed: number): number {
  const both = (mixEnd(a, aPort, seed) + mixEnd(b, bPort, seed)) | 0;
  const hash = Math.imul(both ^ (both >>> 16), 0x21f0aaad);
  return hash ^ (hash >>> 15);
}

/** Four-tuples to slots. Slots are small integers, reused after `remove`, the latest freed first. */
export class FlowTable {
  /** Entries held now. */
  size = 0;
  readonly #limit: number;
  readonly #seed: number;
  #capacity: number;
  #rows: Int32Array;
  /** Free slots, the latest freed on top. */
  #free: Int32Array;
  #freed = 0;
  /** Slots ever handed out. */
  #used = 0;
  #places: Int32Array;
  #mask: number;
  /** No entry lies this many places after its home. */
  #reach = PROBE_LIMIT;

  /** Holds at most `limit` entries. The seed changes where entries lie and nothing that a caller can see. */
  constructor(limit: number, seed = 0x51ed270b) {
    this.#limit = Math.min(limit, SLOT_BITS);
    this.#seed = seed | 0;
    this.#capacity = FIRST_CAPACITY;
    this.#rows = new Int32Array(this.#capacity * ROW_WORDS);
    this.#free = new Int32Array(this.#capacity);
    this.#places = new Int32Array(this.#capacity * 2);
    this.#mask = this.#capacity * 2 - 1;
  }

  /** `slot * 2` where the tuple was added this way round, `slot * 2 + 1` where the other way, -1 where it is unknown. */
  find(source: AddressWords, sourcePort: number, destination: AddressWords, destinationPort: number): number {
    const hash = hashTuple(source, sourcePort, destination, destinationPort, this.#seed);
    const places = this.#places;
    let place = hash & this.#mask;
    for (let probes = this.#reach; probes > 0; probes--) {
      const held = places[place] as number;
      if (held === 0) return -1;
      if (((held ^ hash) & TAG_BITS) === 0) {
        const slot = (held & SLOT_BITS) - 1;
        if (this.#matches(slot, source, sourcePort, destination, destinationPort)) return slot * 2;
        if (this.#matches(slot, destination, destinationPort, source, sourcePort)) return slot * 2 + 1;
      }
      place = (place + 1) & this.#mask;
    }
    return -1;
  }

  /** Adds a tuple that `find` does not know and returns its slot; -1 at the limit or where too many entries collide. */
  add(source: AddressWords, sourcePort: number, destination: AddressWords, destinationPort: number): number {
    if (this.size >= this.#limit) return -1;
    const hash = hashTuple(source, sourcePort, destination, destinationPort, this.#seed);
    if (this.#freed === 0 && this.#used === this.#capacity) this.#grow();
    const place = this.#emptyPlace(hash);
    if (place < 0) return -1;
    const slot = this.#freed > 0 ? (this.#free[--this.#freed] as number) : this.#used++;
    this.#places[place] = (hash & TAG_BITS) | (slot + 1);
    this.#writeRow(slot, source, sourcePort, destination, destinationPort);
    this.#rows[slot * ROW_WORDS + HASH] = hash;
    this.size++;
    return slot;
  }

  /** Forgets the entry in `slot`, which must be one that `add` returned and that was not removed since. */
  remove(slot: number): void {
    let hole = this.#placeOf(slot);
    if (hole < 0) return;
    const places = this.#places;
    const mask = this.#mask;
    for (let place = (hole + 1) & mask; places[place] !== 0; place = (place + 1) & mask) {
      const home = this.#hashAt(places[place] as number) & mask;
      // An entry may move back into the hole only if the hole does not lie before its home.
      if (((place - home) & mask) < ((place - hole) & mask)) continue;
      places[hole] = places[place] as number;
      hole = place;
    }
    places[hole] = 0;
    this.#free[this.#freed++] = slot;
    this.size--;
  }

  /** Address words of one end of the entry in `slot`, as it was added. */
  words(slot: number, end: 'source' | 'destination'): AddressWords {
    const rows = this.#rows;
    const at = slot * ROW_WORDS + (end === 'source' ? 0 : 4);
    return {
      w0: (rows[at] as number) >>> 0,
      w1: (rows[at + 1] as number) >>> 0,
      w2: (rows[at + 2] as number) >>> 0,
      w3: (rows[at + 3] as number) >>> 0,
    };
  }

  /** Port of one end of the entry in `slot`, as it was added. */
  port(slot: number, end: 'source' | 'destination'): number {
    const ports = this.#rows[slot * ROW_WORDS + 8] as number;
    return end === 'source' ? ports >>> 16 : ports & 0xffff;
  }

  #matches(slot: number, source: AddressWords, sourcePort: number, to: AddressWords, toPort: number): boolean {
    const rows = this.#rows;
    const at = slot * ROW_WORDS;
    return (
      rows[at + 8] === ((sourcePort << 16) | toPort) &&
      rows[at + 3] === (source.w3 | 0) &&
      rows[at + 7] === (to.w3 | 0) &&
      rows[at + 2] === (source.w2 | 0) &&
      rows[at + 6] === (to.w2 | 0) &&
      rows[at + 1] === (source.w1 | 0) &&
      rows[at + 5] === (to.w1 | 0) &&
      rows[at] === (source.w0 | 0) &&
      rows[at + 4] === (to.w0 | 0)
    );
  }

  #writeRow(slot: number, source: AddressWords, sourcePort: number, to: AddressWords, toPort: number): void {
    const rows = this.#rows;
    const at = slot * ROW_WORDS;
    rows[at] = source.w0;
    rows[at + 1] = source.w1;
    rows[at + 2] = source.w2;
    rows[at + 3] = source.w3;
    rows[at + 4] = to.w0;
    rows[at + 5] = to.w1;
    rows[at + 6] = to.w2;
    rows[at + 7] = to.w3;
    rows[at + 8] = (sourcePort << 16) | toPort;
  }

  #emptyPlace(hash: number): number {
    let place = hash & this.#mask;
    for (let probes = 0; probes < PROBE_LIMIT; probes++) {
      if (this.#places[place] === 0) return place;
      place = (place + 1) & this.#mask;
    }
    return -1;
  }

  #placeOf(slot: number): number {
    const hash = this.#rows[slot * ROW_WORDS + HASH] as number;
    const sought = (hash & TAG_BITS) | (slot + 1);
    for (let place = hash & this.#mask; ; place = (place + 1) & this.#mask) {
      const held = this.#places[place];
      if (held === sought) return place;
      if (held === 0) return -1;
    }
  }

  /** The hash of the entry that a place holds. */
  #hashAt(held: number): number {
    return this.#rows[((held & SLOT_BITS) - 1) * ROW_WORDS + HASH] as number;
  }

  #grow(): void {
    this.#capacity *= 2;
    const rows = new Int32Array(this.#capacity * ROW_WORDS);
    rows.set(this.#rows);
    this.#rows = rows;
    const free = new Int32Array(this.#capacity);
    free.set(this.#free);
    this.#free = free;
    const old = this.#places;
    this.#places = new Int32Array(this.#capacity * 2);
    this.#mask = this.#capacity * 2 - 1;
    for (const held of old) {
      if (held === 0) continue;
      let place = this.#hashAt(held) & this.#mask;
      let probes = 1;
      for (; this.#places[place] !== 0; probes++) place = (place + 1) & this.#mask;
      if (probes > this.#reach) this.#reach = probes;
      this.#places[place] = held;
    }
  }
}

/**
 * Where the decoder stands in a frame. Each layer reads its header at `at`, moves `at` behind it, and narrows the end
 * where its header tells a length, so that link-layer padding never becomes payload.
 *
 * Invariants: nothing at or beyond `end` is read; `end` is never beyond the octets held. `wireEnd` may lie beyond `end`
 * (the capture cut the frame). One object, aimed anew at each frame.
 */
import type { Malformed, MalformedWhy } from '../model/malformed.ts';
import type { Octets } from '../model/octets.ts';

export const LAYERS = [
  'ethernet',
  'vlan',
  'sll',
  'loopback',
  'raw',
  'ipv4',
  'ipv6',
  'tcp',
  'udp',
  'icmp',
  'arp',
] as const;

export type Layer = (typeof LAYERS)[number];

export class Walk {
  view: DataView = new DataView(new ArrayBuffer(0));
  /** Offset of the next header. */
  at = 0;
  /** Offset behind the last octet held that belongs to the current layer. */
  end = 0;
  /** Offset behind the last octet that the current layer had on the wire. */
  wireEnd = 0;
  /** Ethernet type of the header at `at`; set by the link layers. */
  etherType = 0;

  #frameStart = 0;
  #layer: Layer = 'ethernet';
  #why: MalformedWhy = 'malformed';
  #offset = 0;
  #text = '';

  aim(octets: Octets, wireLength: number): void {
    this.view = octets.view;
    this.at = octets.start;
    this.end = octets.end;
    this.wireEnd = Math.max(octets.end, octets.start + wireLength);
    this.etherType = 0;
    this.#frameStart = octets.start;
  }

  /** Are `count` octets held at `at`? If not, notes whether the capture cut them or the wire never had them. */
  holds(count: number, layer: Layer, text: string): boolean {
    if (this.at + count <= this.end) return true;
    return this.#stop(layer, this.at + count <= this.wireEnd ? 'cut' : 'malformed', text);
  }

  /** Notes that the header at `at` breaks a rule. */
  breaks(layer: Layer, text: string): false {
    return this.#stop(layer, 'malformed', text);
  }

  /** The current layer ends at `wireEnd` on the wire, whatever follows it in the frame. */
  narrow(wireEnd: number): void {
    this.wireEnd = wireEnd;
    if (wireEnd < this.end) this.end = wireEnd;
  }

  /** Why and in which layer the walk stopped last. */
  get stoppedBy(): MalformedWhy {
    return this.#why;
  }

  get stoppedIn(): Layer {
    return this.#layer;
  }

  /** The same as a value to keep. */
  malformed(): Malformed {
    return { layer: this.#layer, why: this.#why, offset: this.#offset, text: this.#text };
  }

  #stop(layer: Layer, why: MalformedWhy, text: string): false {
    this.#layer = layer;
    this.#why = why;
    this.#offset = this.at - this.#frameStart;
    this.#text = text;
    return false;
  }
}

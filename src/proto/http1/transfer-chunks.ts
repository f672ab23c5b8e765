/**
 * The chunked transfer coding (RFC 9112 7.1): sizes are read, data is stepped over by arithmetic. The states are those of
 * nginx's ngx_http_parse_chunked, which is stricter in one point: a bare LF ends a line here, as it does in most servers.
 */

/**
 * Octets of one size line or of all trailers together. Node allows 16 KiB of chunk extensions a message; a longer line
 * is an attack or no chunked body at all.
 */
export const CHUNK_LINE_LIMIT = 16 * 1024;

const LF = 0x0a;
const CR = 0x0d;
const TAB = 0x09;
const SPACE = 0x20;
const SEMICOLON = 0x3b;

type State =
  | 'size-start'
  | 'size'
  | 'extension'
  | 'size-lf'
  | 'data'
  | 'data-end'
  | 'data-lf'
  | 'trailer-start'
  | 'trailer'
  | 'trailer-lf'
  | 'done'
  | 'bad';

export class TransferChunks {
  /** Octets of content so far, without the coding's own. */
  contentOctets = 0;
  #state: State = 'size-start';
  /** Octets left of the current chunk. */
  #left = 0;
  #line = 0;

  get done(): boolean {
    return this.#state === 'done';
  }

  /** The coding is broken, or a line passed its limit; nothing more can be read. */
  get bad(): boolean {
    return this.#state === 'bad';
  }

  begin(): void {
    this.contentOctets = 0;
    this.#state = 'size-start';
    this.#left = 0;
    this.#line = 0;
  }

  /** Reads on; returns the offset after the body's last octet, after the bad one, or `to`. */
  read(bytes: Uint8Array, from: number, to: number): number {
    let at = from;
    while (at < to && this.#state !== 'done' && this.#state !== 'bad') {
      if (this.#state === 'data') at += this.#skip(to - at);
      else this.#step(bytes[at++] as number);
    }
    return at;
  }

  /** `length` octets are missing. False if they may hold more than chunk data: the place in the body is lost then. */
  gap(length: number): boolean {
    if (this.#state !== 'data' || length > this.#left) return false;
    this.#skip(length);
    return true;
  }

  #skip(available: number): number {
    const octets = Math.min(available, this.#left);
    this.#left -= octets;
    this.contentOctets += octets;
    if (this.#left === 0) this.#state = 'data-end';
    return octets;
  }

  #step(octet: number): void {
    if (++this.#line > CHUNK_LINE_LIMIT) {
      this.#state = 'bad';
      return;
    }
    switch (this.#state) {
      case 'size-start':
      case 'size':
        this.#size(octet);
        return;
      case 'extension':
        if (octet === CR) this.#state = 'size-lf';
        else if (octet === LF) this.#sizeEnds();
        return;
      case 'size-lf':
        if (octet === LF) this.#sizeEnds();
        else this.#state = 'bad';
        return;
      case 'data-end':
        if (octet === CR) this.#state = 'data-lf';
        else this.#nextChunk(octet);
        return;
      case 'data-lf':
        this.#nextChunk(octet);
        return;
      default:
        this.#trailer(octet);
    }
  }

  #size(octet: number): void {
    const digit = hexDigit(octet);
    if (digit >= 0) {
      this.#left = this.#left * 16 + digit;
      this.#state = this.#left <= Number.MAX_SAFE_INTEGER ? 'size' : 'bad';
      return;
    }
    if (this.#state === 'size-start') this.#state = 'bad';
    else if (octet === CR) this.#state = 'size-lf';
    else if (octet === LF) this.#sizeEnds();
    else if (octet === SEMICOLON || octet === SPACE || octet === TAB) this.#state = 'extension';
    else this.#state = 'bad';
  }

  #sizeEnds(): void {
    this.#line = 0;
    this.#state = this.#left === 0 ? 'trailer-start' : 'data';
  }

  #nextChunk(octet: number): void {
    this.#line = 0;
    this.#state = octet === LF ? 'size-start' : 'bad';
  }

  /** Trailers are read over; an empty line ends the body. */
  #trailer(octet: number): void {
    if (this.#state === 'trailer') {
      if (octet === LF) this.#state = 'trailer-start';
    } else if (octet === LF) {
      this.#state = 'done';
    } else {
      // A CR that begins a line and no LF after it: a trailer that begins with CR, which no server sends.
      this.#state = this.#state === 'trailer-start' && octet === CR ? 'trailer-lf' : 'trailer';
    }
  }
}

function hexDigit(octet: number): number {
  if (octet >= 0x30 && octet <= 0x39) return octet - 0x30;
  const lower = octet | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

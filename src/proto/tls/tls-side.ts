/** One direction of a TLS connection: what its records say without their keys. */
import { foreign, sampleOf } from '../foreign.ts';
import { FramedStream, type FrameReader } from '../framed-stream.ts';
import type { Recognition } from '../protocol.ts';
import { CLIENT_HELLO, CLIENT_HELLO_LIMIT, SERVER_HELLO } from './client-hello.ts';
import {
  ALERT,
  APPLICATION_DATA,
  beginsRecord,
  CHANGE_CIPHER_SPEC,
  HANDSHAKE,
  RECORD_HEADER,
  recordLength,
} from './record.ts';

/** An alert in clear: level and description (RFC 8446 6). */
const CLEAR_ALERT = 2;

/** What a side tells the dialogue. */
export interface TlsListener {
  hello(type: typeof CLIENT_HELLO | typeof SERVER_HELLO, bytes: Uint8Array, length: number): void;
  clearAlert(level: number, description: number): void;
  encryptedAlert(): void;
  applicationData(length: number): void;
  /** The first octets of this side are no record. */
  otherProtocol(detail: string, sample: string): void;
  lost(octets: number): void;
}

export class TlsSide implements FrameReader {
  readonly stream: FramedStream = new FramedStream(RECORD_HEADER, this);
  wanted = 0;
  readonly #listener: TlsListener;
  /** Octets of this side's hello that are wanted: the whole of a ClientHello, the first of a ServerHello. */
  readonly #helloWanted: number;
  #records = 0;
  #helloSeen = false;
  #ciphered = false;
  #type = 0;

  constructor(client: boolean, listener: TlsListener) {
    this.#listener = listener;
    this.#helloWanted = client ? CLIENT_HELLO_LIMIT : 1;
  }

  fits(bytes: Uint8Array, from: number, to: number): Recognition {
    return beginsRecord(bytes, from, to);
  }

  frame(header: Uint8Array): number {
    const length = recordLength(header, 0);
    this.#records++;
    this.#type = header[0] as number;
    this.wanted = this.#record(length);
    return length;
  }

  /** A record begins; returns how much of it is wanted. */
  #record(length: number): number {
    switch (this.#type) {
      case CHANGE_CIPHER_SPEC:
        this.#ciphered = true;
        return 0;
      case HANDSHAKE:
        return this.#helloSeen || this.#ciphered ? 0 : this.#helloWanted;
      case ALERT:
        if (length === CLEAR_ALERT && !this.#ciphered) return CLEAR_ALERT;
        this.#listener.encryptedAlert();
        return 0;
      case APPLICATION_DATA:
        this.#listener.applicationData(length);
        return 0;
    }
    return 0;
  }

  contents(bytes: Uint8Array, length: number): void {
    if (this.#type === ALERT) {
      if (length === CLEAR_ALERT) this.#listener.clearAlert(bytes[0] as number, bytes[1] as number);
      else this.#listener.encryptedAlert();
      return;
    }
    const hello = bytes[0];
    if (length === 0 || (hello !== CLIENT_HELLO && hello !== SERVER_HELLO)) return;
    this.#helloSeen = true;
    this.#listener.hello(hello, bytes, length);
  }

  ended(): void {}

  refused(bytes: Uint8Array, from: number, to: number, last: boolean): boolean {
    // After records: a broken stream, of which nothing can be said.
    if (this.#records > 0) {
      this.#listener.lost(0);
      return true;
    }
    const looks = foreign(bytes, from, to);
    if (looks === undefined && !last) return false;
    this.#listener.otherProtocol(looks ?? 'unknown', sampleOf(bytes, from, to));
    return true;
  }

  lost(octets: number): void {
    this.#listener.lost(octets);
  }
}

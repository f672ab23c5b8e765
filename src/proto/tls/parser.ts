/**
 * Reads one TLS connection without its keys: the steps of the handshake, alerts, the first octets of the application.
 *
 * An alert sent under encryption cannot be read. TLS 1.2 still shows that it is one; TLS 1.3 disguises it as application
 * data of 19 octets, so it is told only where nothing else fits: the last record before a close. Most such records are a
 * close_notify, which is no news: an encrypted alert is told only of a client that never asked, and of a server that never
 * answered and, in TLS 1.3, had asked for a certificate. (A server that says good-bye while the next request is on its way
 * has answered before.)
 */
import type { Direction, GapWhy } from '../../model/connection.ts';
import { opposite } from '../../model/connection.ts';
import type { Dialogue, Message, TlsStep } from '../../model/message.ts';
import type { Octets } from '../../model/octets.ts';
import { type Moment, NO_MOMENT } from '../../model/time.ts';
import type { Parser, Side } from '../protocol.ts';
import { CLIENT_HELLO, serverName } from './client-hello.ts';
import { type TlsListener, TlsSide } from './tls-side.ts';

/** Level, description, content type and a 16-octet tag (RFC 8446 5.2): what an alert without padding measures. */
const DISGUISED_ALERT = 2 + 1 + 16;
/** A client's Finished in TLS 1.3: header 4, a hash of 32 or 48, content type and tag. Its own data begins after it. */
const FINISHED = [4 + 32 + 17, 4 + 48 + 17];
/** Encrypted handshake records of a client: Certificate, CertificateVerify, Finished. */
const CLIENT_HANDSHAKE_RECORDS = 3;

export class TlsParser implements Parser {
  readonly #dialogue: Dialogue;
  readonly #emit: (message: Message) => void;
  readonly #client: TlsSide;
  readonly #server: TlsSide;
  #moment: Moment = NO_MOMENT;
  /** The server sent application data before the client did: TLS 1.3, whose handshake looks so. */
  #disguised = false;
  #clientRecords = 0;
  #clientReady = false;
  #asked = false;
  /** The server sent application data after the client's first. */
  #spoke = false;
  /** The server's first such record, while it may still prove to be a session ticket. */
  #first: { readonly moment: Moment; readonly length: number } | undefined = undefined;
  #tickets = false;
  #answerTold = false;
  /** The latest record of a side measures as a disguised alert does. */
  #clientShort: Moment | undefined = undefined;
  #serverShort: Moment | undefined = undefined;

  constructor(dialogue: Dialogue, emit: (message: Message) => void) {
    this.#dialogue = dialogue;
    this.#emit = emit;
    this.#client = new TlsSide(true, this.#listen(dialogue.clientDirection));
    this.#server = new TlsSide(false, this.#listen(opposite(dialogue.clientDirection)));
  }

  chunk(side: Side, octets: Octets, moment: Moment): void {
    this.#moment = moment;
    this.#side(side).stream.chunk(octets);
  }

  gap(side: Side, length: number, _why: GapWhy, moment: Moment): void {
    this.#moment = moment;
    this.#side(side).stream.gap(length);
  }

  #side(side: Side): TlsSide {
    return side === 'client' ? this.#client : this.#server;
  }

  #listen(direction: Direction): TlsListener {
    const client = direction === this.#dialogue.clientDirection;
    return {
      hello: (type, bytes, length) => {
        if ((type === CLIENT_HELLO) !== client) return;
        if (client) this.#step(direction, 'client-hello', serverName(bytes, length));
        else this.#step(direction, 'server-hello', '');
      },
      clearAlert: (level, description) => this.#alert(direction, level, description, this.#moment),
      encryptedAlert: () => {
        if (this.#isOwed(client)) this.#alert(direction, 0, -1, this.#moment);
      },
      applicationData: (length) => (client ? this.#fromClient(length) : this.#fromServer(length)),
      otherProtocol: (detail, sample) => {
        if (!client) this.#otherProtocol(direction, detail, sample);
      },
      lost: (octets) => this.#lost(direction, octets),
    };
  }

  /** Otherwise the alert is how a side says good-bye. */
  #isOwed(client: boolean): boolean {
    return client ? !this.#asked : !this.#spoke;
  }

  #fromClient(length: number): void {
    this.#clientShort = length === DISGUISED_ALERT ? this.#moment : undefined;
    if (this.#disguised && !this.#clientReady) {
      this.#clientRecords++;
      this.#clientReady = FINISHED.includes(length) || this.#clientRecords >= CLIENT_HANDSHAKE_RECORDS;
      return;
    }
    if (this.#clientShort && !this.#asked && this.#disguised) return;
    if (this.#asked) this.#answer();
    else this.#step(this.#dialogue.clientDirection, 'application-data', '');
    this.#asked = true;
    this.#serverShort = undefined;
  }

  #fromServer(length: number): void {
    if (!this.#asked) this.#disguised = true;
    if (length === DISGUISED_ALERT && this.#disguised) {
      if (this.#spoke) this.#answer();
      else this.#serverShort = this.#moment;
      return;
    }
    this.#serverShort = undefined;
    if (!this.#asked) return;
    this.#spoke = true;
    if (this.#disguised && !this.#tickets && !this.#answerTold) this.#ticketOrAnswer(length);
    else this.#tellAnswer(this.#moment);
  }

  /**
   * Session tickets of TLS 1.3 (RFC 8446 4.6.1) are disguised too. OpenSSL, and so nginx, Apache, Node and Python, sends two
   * of one length when the handshake is done; a single record is taken for an answer, which claims less.
   */
  #ticketOrAnswer(length: number): void {
    if (!this.#first) {
      this.#first = { moment: this.#moment, length };
    } else if (this.#first.length === length) {
      this.#first = undefined;
      this.#tickets = true;
    } else {
      this.#answer();
    }
  }

  /** The record that might have been a ticket was none. */
  #answer(): void {
    if (this.#first) this.#tellAnswer(this.#first.moment);
    this.#first = undefined;
  }

  #tellAnswer(moment: Moment): void {
    if (this.#answerTold) return;
    this.#answerTold = true;
    this.#step(opposite(this.#dialogue.clientDirection), 'application-data', '', moment);
  }

  finished(side: Side, _moment: Moment): void {
    this.#closed(side);
  }

  aborted(side: Side, _moment: Moment): void {
    this.#closed(side);
  }

  #closed(side: Side): void {
    this.#answer();
    const client = side === 'client';
    const short = client ? this.#clientShort : this.#serverShort;
    const { clientDirection } = this.#dialogue;
    if (short && this.#isOwed(client) && (client || this.#isNews())) {
      this.#alert(client ? clientDirection : opposite(clientDirection), 0, -1, short);
    }
    this.#clientShort = undefined;
    this.#serverShort = undefined;
    this.#side(side).stream.mute();
  }

  /**
   * A server that leaves without an answer says close_notify first, which looks like any alert. One that had asked for a
   * certificate (the client sent more than its Finished) and did not get a good one says so now.
   */
  #isNews(): boolean {
    return !this.#asked || this.#clientRecords > 1;
  }

  #step(direction: Direction, step: TlsStep['step'], name: string, moment = this.#moment): void {
    const said = { dialogue: this.#dialogue, moment, requestId: 0 };
    this.#emit({ kind: 'tls-step', ...said, direction, step, serverName: name });
  }

  #alert(direction: Direction, level: number, description: number, moment: Moment): void {
    this.#emit({ kind: 'tls-alert', dialogue: this.#dialogue, moment, requestId: 0, direction, level, description });
  }

  #otherProtocol(direction: Direction, detail: string, sample: string): void {
    const said = { dialogue: this.#dialogue, moment: this.#moment, requestId: 0 };
    const text = 'no TLS record where one was owed';
    const malformed = { layer: 'tls', why: 'malformed', offset: 0, text } as const;
    this.#emit({ kind: 'fault', ...said, direction, name: 'other-protocol', detail, sample, malformed });
  }

  #lost(direction: Direction, octets: number): void {
    const said = { dialogue: this.#dialogue, moment: this.#moment, requestId: 0 };
    this.#emit({ kind: 'lost', ...said, direction, octets });
  }
}

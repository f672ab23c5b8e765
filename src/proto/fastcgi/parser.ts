/** One FastCGI connection: a record reader for each side and the requests they share. */
import type { Dialogue, Message } from '../../model/message.ts';
import type { Octets } from '../../model/octets.ts';
import type { Moment } from '../../model/time.ts';
import { CgiMessages } from '../cgi-messages.ts';
import type { Parser, Side } from '../protocol.ts';
import { ClientSide } from './client.ts';
import { RecordReader } from './record.ts';
import { Requests } from './requests.ts';
import { ServerSide } from './server.ts';

export class FastcgiParser implements Parser {
  readonly #requests: Requests;
  readonly #client: RecordReader;
  readonly #server: RecordReader;

  constructor(dialogue: Dialogue, emit: (message: Message) => void) {
    const { midstream } = dialogue.connection;
    this.#requests = new Requests(new CgiMessages(dialogue, emit), midstream);
    this.#client = new RecordReader(new ClientSide(this.#requests), midstream);
    this.#server = new RecordReader(new ServerSide(this.#requests), midstream);
  }

  chunk(side: Side, octets: Octets, moment: Moment): void {
    this.#reader(side).chunk(octets, moment);
    if (!this.#requests.fresh) return;
    this.#requests.fresh = false;
    this.#server.restart();
  }

  gap(side: Side, length: number, _why: unknown, moment: Moment): void {
    this.#reader(side).gap(length, moment);
  }

  finished(side: Side, moment: Moment): void {
    if (side === 'client') {
      this.#client.flush();
      this.#server.flush();
      this.#requests.sealed(moment);
    } else {
      this.#serverClosed('fin', moment);
    }
  }

  aborted(_side: Side, moment: Moment): void {
    this.#client.flush();
    this.#requests.sealed(moment);
    this.#serverClosed('rst', moment);
  }

  #serverClosed(how: 'fin' | 'rst', moment: Moment): void {
    this.#server.flush();
    const { held, start } = this.#server;
    if (held > 0) this.#requests.awaiting()?.answering.partial(held, start);
    this.#requests.close(how, moment);
  }

  #reader(side: Side): RecordReader {
    return side === 'client' ? this.#client : this.#server;
  }
}

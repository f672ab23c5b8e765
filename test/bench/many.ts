/** A million connections of clients to a gateway, 200,000 of them open at once: each asks once and waits for its answer. */
import { tcpFrame } from '../kit/packets.ts';
import { CaptureWriter } from './capture-writer.ts';

const CONNECTIONS = 1_000_000;
const OPEN_AT_ONCE = 200_000;
/** From one connection to the next, and between the frames of a burst. */
const STEP = 50_000;
const WITHIN = 2_000;
/** One answer in so many is a 502. */
const FAILS_EVERY = 50;

const GATEWAY = '192.0.2.1:80';
const CLIENT = '10.0.0.0:40000';
const REQUEST = 'GET /page?id=00000000 HTTP/1.1\r\nHost: shop.example\r\nUser-Agent: bench\r\nAccept: */*\r\n\r\n';
const BODY = 'x'.repeat(180);
const OK = `HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Type: text/html\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`;
const BAD = `HTTP/1.1 502 Bad Gateway\r\nServer: nginx\r\nContent-Type: text/html\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`;

/** Offsets in a frame of Ethernet and IPv4: the addresses, and behind the headers the digits of the request's id. */
const SOURCE = 26;
const DESTINATION = 30;
const ID = 54 + REQUEST.indexOf('00000000');

type Template = { readonly frame: Uint8Array; readonly client: number };

function from(client: boolean, flags: string, seq: number, ack: number, payload = ''): Template {
  const ends = client ? { from: CLIENT, to: GATEWAY } : { from: GATEWAY, to: CLIENT };
  const frame = tcpFrame({ ...ends, flags, seq, ack, payload, id: 0 });
  return { frame, client: client ? SOURCE : DESTINATION };
}

const asked = 1001 + REQUEST.length;
const opening: readonly Template[] = [
  from(true, 'SYN', 1000, 0),
  from(false, 'SYN ACK', 5000, 1001),
  from(true, 'ACK', 1001, 5001),
  from(true, 'PSH ACK', 1001, 5001, REQUEST),
  from(false, 'ACK', 5001, asked),
];

function closing(answer: string): readonly Template[] {
  const answered = 5001 + answer.length;
  return [
    from(false, 'PSH ACK', 5001, asked, answer),
    from(true, 'ACK', asked, answered),
    from(true, 'FIN ACK', asked, answered),
    from(false, 'FIN ACK', answered, asked + 1),
    from(true, 'ACK', asked + 1, answered + 1),
  ];
}

export function writeMany(path: string): void {
  const writer = new CaptureWriter(path, 1);
  const [good, bad] = [closing(OK), closing(BAD)];
  for (let step = 0; step < CONNECTIONS + OPEN_AT_ONCE; step++) {
    const ending = step - OPEN_AT_ONCE;
    if (ending >= 0) write(writer, ending, step * STEP, ending % FAILS_EVERY === 0 ? bad : good);
    if (step < CONNECTIONS) write(writer, step, step * STEP + STEP / 2, opening);
  }
  writer.close();
}

function write(writer: CaptureWriter, connection: number, at: number, templates: readonly Template[]): void {
  for (const [n, { frame, client }] of templates.entries()) {
    frame[client + 1] = connection >>> 16;
    frame[client + 2] = connection >>> 8;
    frame[client + 3] = connection;
    if (frame.length > ID + 8 && client === SOURCE) {
      for (let digit = 7, rest = connection; digit >= 0; digit--, rest = Math.floor(rest / 10)) {
        frame[ID + digit] = 0x30 + (rest % 10);
      }
    }
    writer.frame(at + n * WITHIN, frame);
  }
}

/** Captures of a gateway at 10.0.0.1:80 whose peer 10.0.0.7:8080 refuses every connection. */
import { type Packet, pcapngFile } from '../../kit/capture-files.ts';
import { type TcpFrameSpec, tcpFrame } from '../../kit/packets.ts';
import { EPOCH } from './verdicts.ts';

const GATEWAY = '10.0.0.1:80';
const PEER = '10.0.0.7:8080';

export interface RefusedSpec {
  /** Requests, each on a connection of its own, one every 20 ms. */
  readonly requests?: number;
  /** How many went before. */
  readonly after?: number;
  readonly target?: string;
  /** Nanoseconds since 1970 of the first frame. */
  readonly start?: bigint;
}

export function refusedFrames({
  requests = 1,
  after = 0,
  target = '/api/cart?id=7',
  start = EPOCH,
}: RefusedSpec = {}): Packet[] {
  const packets: Packet[] = [];
  for (let n = after; n < after + requests; n++) {
    const client = `203.0.113.9:${20_000 + (n % 30_000)}`;
    const own = `10.0.0.1:${30_000 + (n % 30_000)}`;
    const request = `GET ${target} HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n`;
    const answer = 'HTTP/1.1 502 Bad Gateway\r\nContent-Length: 3\r\nConnection: close\r\n\r\n502';
    let micro = n * 20_000;
    const say = (spec: TcpFrameSpec, later = 50): void => {
      packets.push({ at: start + BigInt(micro) * 1000n, octets: tcpFrame(spec) });
      micro += later;
    };
    const up = { from: client, to: GATEWAY };
    const down = { from: GATEWAY, to: client };
    say({ ...up, flags: 'SYN', seq: 100 });
    say({ ...down, flags: 'SYN ACK', seq: 500, ack: 101 });
    say({ ...up, seq: 101, ack: 501 });
    say({ ...up, flags: 'PSH ACK', seq: 101, ack: 501, payload: request });
    say({ from: own, to: PEER, flags: 'SYN', seq: 900 });
    say({ from: PEER, to: own, flags: 'RST ACK', seq: 0, ack: 901 });
    say({ ...down, flags: 'PSH ACK', seq: 501, ack: 101 + request.length, payload: answer });
    say({ ...down, flags: 'FIN ACK', seq: 501 + answer.length, ack: 101 + request.length });
    say({ ...up, flags: 'FIN ACK', seq: 101 + request.length, ack: 502 + answer.length });
    say({ ...down, seq: 502 + answer.length, ack: 102 + request.length });
  }
  return packets;
}

export function refusedCapture(spec: RefusedSpec = {}): Uint8Array {
  return pcapngFile(refusedFrames(spec));
}

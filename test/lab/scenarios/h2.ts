/** gRPC peers that fail in HTTP/2. */
import * as framing from '../peers/framing.ts';
import * as h2 from '../peers/h2.ts';
import { PARTIAL_HEAD } from '../peers/http.ts';
import { type Act, fin, onAccept, onRequest, reset, say, tcp } from '../peers/peer.ts';
import type { Scenario } from '../scenario.ts';

function grpc(name: string, about: string, act: Act, more: Partial<Scenario> = {}): Scenario {
  return {
    name: `grpc-${name}`,
    about,
    upstream: 'tcp',
    peers: { a: tcp(onRequest(framing.h2, act)) },
    location: (at) => `grpc_pass grpc://${at.peer('a')};`,
    load: { methods: ['POST'], weight: 0.6 },
    ...more,
  };
}

export const H2: readonly Scenario[] = [
  grpc('goaway', 'GOAWAY with last stream 0 and no error: a graceful recycle.', say(h2.goaway(0))),
  grpc('goaway-calm', 'GOAWAY with ENHANCE_YOUR_CALM.', say(h2.goaway(11))),
  grpc('refused-stream', 'RST_STREAM with REFUSED_STREAM.', say(h2.resetStream(7))),
  grpc('internal', 'RST_STREAM with INTERNAL_ERROR.', say(h2.resetStream(2))),
  grpc(
    'http1',
    'An HTTP/1 server behind grpc_pass.',
    say('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n', fin),
  ),
  grpc('close', 'SETTINGS, then FIN.', say(h2.SETTINGS, fin), {
    acceptable: { 'close-in-header': ['close-before-response'] },
  }),
  grpc('oversized', 'A frame larger than allowed.', say(h2.OVERSIZED)),
  grpc('no-status', 'HEADERS without :status.', say(h2.WITHOUT_STATUS)),
  grpc('unknown-stream', 'HEADERS for a stream that was never opened.', say(h2.UNKNOWN_STREAM)),
  grpc('rst', 'RST after the request.', reset),
  grpc('fin', 'FIN as soon as the connection is accepted.', fin, { peers: { a: tcp(onAccept(fin)) } }),
  grpc('partial', 'Part of an HTTP/1 header, then FIN.', say(PARTIAL_HEAD, fin)),
];

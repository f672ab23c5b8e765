import type { Fault, ProtocolName } from '../../model/message.ts';
import type { CauseFile, Judgement } from '../cause-file.ts';
import { beginning, told } from '../story.ts';
import { maybeFault, maybeSpeech, type Speech, type Wire } from '../wire-facts.ts';
import { packet, quoted } from '../words.ts';

interface Mismatch {
  readonly subcause: string;
  readonly spoke: string;
  readonly answered: string;
  readonly advice: string;
}

const FCGI = 'FastCGI';

/** Gateway's protocol, then the peer's. */
const MISMATCHES: Readonly<Partial<Record<`${ProtocolName}<-${Speech}`, Mismatch>>> = {
  'fastcgi<-http': {
    subcause: 'fcgi<-http',
    spoke: FCGI,
    answered: 'HTTP',
    advice: 'The port is an HTTP server: use proxy_pass http://PEER instead of fastcgi_pass.',
  },
  'fastcgi<-tls': {
    subcause: 'fcgi<-tls',
    spoke: FCGI,
    answered: 'TLS',
    advice: 'The port speaks TLS: use proxy_pass https://PEER instead of fastcgi_pass.',
  },
  'http/2<-http': {
    subcause: 'h2<-http1',
    spoke: 'HTTP/2',
    answered: 'HTTP/1',
    advice: 'The port speaks HTTP/1: use proxy_pass instead of grpc_pass, or name the gRPC port.',
  },
  'http/2<-tls': {
    subcause: 'h2<-tls',
    spoke: 'HTTP/2 in clear',
    answered: 'TLS',
    advice: 'The port speaks TLS: write grpc_pass grpcs://PEER.',
  },
  'http/1<-fastcgi': {
    subcause: 'fcgi-server<-http',
    spoke: 'HTTP',
    answered: FCGI,
    advice: 'The port speaks FastCGI: use fastcgi_pass PEER instead of proxy_pass.',
  },
};

export const protocolMismatch: CauseFile = {
  cause: 'protocol-mismatch',
  section: 'Response refused by the gateway',
  title: 'The gateway and the peer speak different protocols',
  meaning:
    'The *_pass directive and the port do not agree: the peer answered in another protocol than the one it was asked in.',
  recognised: {
    packets:
      "the peer's first octets: HTTP, a TLS record or a FastCGI record where another protocol was owed; or an instant RST or FIN",
    kernel: 'recv() returns such octets, then the gateway closes',
    log: 'upstream sent unsupported FastCGI protocol version: 72; upstream sent too large http2 frame: 4740180',
  },
  subcauses: {
    'fcgi<-http': 'fastcgi_pass to an HTTP server',
    'fcgi<-tls': 'fastcgi_pass to a TLS port',
    'h2<-http1': 'grpc_pass to an HTTP/1 server',
    'h2<-tls': 'grpc_pass in clear to a TLS port',
    'fcgi-server<-http': 'proxy_pass to a FastCGI server',
    'uwsgi<-http': 'proxy_pass to a uwsgi socket',
  },
  roots: ['the wrong *_pass directive', 'the wrong port', 'a service that was moved to another protocol'],
  remedies: ['Let *_pass and the port agree: find out what listens there (ss -ltnp on its host).'],
  elsewhere: { haproxy: '502 PH', envoy: '502 UPE' },
  log: /unsupported FastCGI protocol version: (?<v>\d+)|too large http2 frame: (4740180|13770\d\d)/,
  judge,
};

function judge(wire: Wire): Judgement | undefined {
  const { protocol } = wire.exchange;
  const fault = maybeFault(wire, 'other-protocol', 'record-version', 'http2-frame', 'http09');
  if (!fault || protocol === undefined || protocol === 'tls') return undefined;
  const speech = maybeSpeech(fault);
  if (protocol === 'http/1' && wire.status !== 502) return undefined; // nginx passes it on as HTTP/0.9
  const mismatch = speech && MISMATCHES[`${protocol}<-${speech}`];
  if (mismatch) return judgeMismatch(wire, fault, mismatch);
  if (fault.name !== 'record-version' && fault.name !== 'other-protocol') return undefined;
  return {
    confidence: 'likely',
    sentence: `${wire.peer} answered in another protocol than ${protocol}: ${quoted(fault.sample)}.`,
    evidence: [
      ...beginning(wire),
      packet(fault.moment, `first octets of the answer: ${quoted(fault.sample)}`),
      ...told(wire),
    ],
    ...(fault.name === 'record-version' && {
      alternatives: [
        { cause: 'fastcgi-record-invalid', why: 'a FastCGI server may have sent a broken record' } as const,
      ],
    }),
  };
}

function judgeMismatch(wire: Wire, fault: Fault, mismatch: Mismatch): Judgement {
  return {
    subcause: mismatch.subcause,
    confidence: 'certain',
    sentence: `The gateway spoke ${mismatch.spoke} to ${wire.peer}, which answered in ${mismatch.answered}.`,
    evidence: [
      ...beginning(wire),
      packet(fault.moment, `the answer begins as ${mismatch.answered}: ${quoted(fault.sample)}`),
      ...told(wire),
    ],
    advice: [mismatch.advice],
  };
}

/** Each cause in plain words that fit the list of a narrow screen, and at whom it points. */
import type { Cause, Neighbour } from '../../model/cause.ts';

/** Where to look first. */
export type Culprit = 'peer' | 'gateway' | 'network' | 'resolver' | 'client' | '?';

interface CauseWords {
  readonly words: string;
  readonly by: Culprit;
}

function of(words: string, by: Culprit): CauseWords {
  return { words, by };
}

export const CAUSE_WORDS: Readonly<Record<Cause | Neighbour, CauseWords>> = {
  'config-response': of('502 by configuration', 'gateway'),
  'cached-502': of('cached 502', 'gateway'),
  'resolver-missing': of('no resolver configured', 'gateway'),
  'resolver-failed': of('name not resolved', 'resolver'),
  'no-live-upstreams': of('no live peer left', 'peer'),
  'connect-refused': of('refused', 'peer'),
  'connect-rejected-firewall': of('rejected by firewall', 'network'),
  'connect-timeout-kernel': of('SYN never answered', 'network'),
  'connect-host-unreachable': of('host unreachable', 'network'),
  'connect-net-unreachable': of('network unreachable', 'network'),
  'connect-denied': of('connect denied', 'gateway'),
  'local-ports-exhausted': of('no local port left', 'gateway'),
  'connect-error-other': of('connect failed', 'network'),
  'unix-socket-missing': of('unix socket missing', 'peer'),
  'unix-socket-denied': of('unix socket denied', 'gateway'),
  'unix-socket-refused': of('unix socket refused', 'peer'),
  'unix-backlog-full': of('unix backlog full', 'peer'),
  'tls-plaintext-upstream': of('answered TLS in clear', 'peer'),
  'tls-handshake-alert': of('TLS alert', 'peer'),
  'tls-handshake-closed': of('TLS handshake closed', 'peer'),
  'tls-cert-rejected': of('certificate rejected', 'gateway'),
  'tls-alert-after-handshake': of('TLS alert on request', 'peer'),
  'tls-plaintext-before-handshake': of('spoke before TLS', 'peer'),
  'reset-before-response': of('reset before response', 'peer'),
  'close-before-response': of('closed before response', 'peer'),
  'reset-in-header': of('reset in header', 'peer'),
  'close-in-header': of('closed in header', 'peer'),
  'reset-during-request': of('reset during request', 'peer'),
  'early-response-lost': of('early response lost', 'peer'),
  'stale-keepalive': of('stale keep-alive', 'peer'),
  'transport-timeout': of('peer went silent', 'network'),
  'header-too-big': of('header too big', 'gateway'),
  'header-invalid': of('invalid header', 'peer'),
  'header-conflict': of('conflicting header', 'peer'),
  'status-invalid': of('invalid status', 'peer'),
  'early-hints-invalid': of('invalid early hints', 'peer'),
  'protocol-mismatch': of('wrong protocol', 'gateway'),
  'fastcgi-no-headers': of('FastCGI: no header', 'peer'),
  'fastcgi-record-invalid': of('FastCGI: invalid', 'peer'),
  'fastcgi-stderr-caught': of('FastCGI: caught error', 'peer'),
  'h2-goaway': of('GOAWAY', 'peer'),
  'h2-stream-reset': of('stream reset', 'peer'),
  'h2-protocol-error': of('broken HTTP/2', 'peer'),
  'memcached-invalid': of('memcached: invalid', 'peer'),
  'upstream-502': of('502 from the peer', 'peer'),
  'upstream-502-intercepted': of('502 of the peer, own', 'peer'),
  unknown: of('not known', '?'),
  'body-truncated': of('body truncated', 'peer'),
  'proxy-connect-timeout': of('connect timeout', 'network'),
  'proxy-send-timeout': of('send timeout', 'peer'),
  'proxy-read-timeout': of('read timeout', 'peer'),
  'client-aborted': of('client left', 'client'),
  'proxy-out-of-fds': of('gateway out of files', 'gateway'),
  'proxy-out-of-connections': of('out of connections', 'gateway'),
  'proxy-bind-failed': of('bind failed', 'gateway'),
  'proxy-config': of('configuration', 'gateway'),
  'auth-subrequest-failed': of('auth request failed', 'peer'),
  'not-http': of('not HTTP', 'client'),
  'masked-502': of('hidden 502', 'peer'),
  'subrequest-only': of('subrequest failed', 'peer'),
};

/** `worker-killed` -> `worker killed`; a number is a code of the protocol, and `h2<-tls` who spoke what to whom. */
export function subcauseWords(subcause: string): string {
  if (/^-?\d+$/.test(subcause)) return `code ${subcause}`;
  return subcause.includes('<-') ? subcause : subcause.replaceAll('-', ' ');
}

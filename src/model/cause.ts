/** The closed list of causes (causes 5). A 502 has exactly one; `unknown` says which kind of not knowing it is. */

export const CAUSES = [
  // no attempt made
  'config-response',
  'cached-502',
  'resolver-missing',
  'resolver-failed',
  'no-live-upstreams',
  // connecting
  'connect-refused',
  'connect-rejected-firewall',
  'connect-timeout-kernel',
  'connect-host-unreachable',
  'connect-net-unreachable',
  'connect-denied',
  'local-ports-exhausted',
  'connect-error-other',
  'unix-socket-missing',
  'unix-socket-denied',
  'unix-socket-refused',
  'unix-backlog-full',
  // TLS to the upstream
  'tls-plaintext-upstream',
  'tls-handshake-alert',
  'tls-handshake-closed',
  'tls-cert-rejected',
  'tls-alert-after-handshake',
  'tls-plaintext-before-handshake',
  // established, no complete response header
  'reset-before-response',
  'close-before-response',
  'reset-in-header',
  'close-in-header',
  'reset-during-request',
  'early-response-lost',
  'stale-keepalive',
  'transport-timeout',
  // response refused by the gateway
  'header-too-big',
  'header-invalid',
  'header-conflict',
  'status-invalid',
  'early-hints-invalid',
  'protocol-mismatch',
  'fastcgi-no-headers',
  'fastcgi-record-invalid',
  'fastcgi-stderr-caught',
  'h2-goaway',
  'h2-stream-reset',
  'h2-protocol-error',
  'memcached-invalid',
  // passed on
  'upstream-502',
  'upstream-502-intercepted',
  // not known
  'unknown',
] as const;

export type Cause = (typeof CAUSES)[number];

/** Outcomes that users report as a 502 and that are none: named, never counted as one (causes 5.7). */
export const NEIGHBOURS = [
  'body-truncated',
  'proxy-connect-timeout',
  'proxy-send-timeout',
  'proxy-read-timeout',
  'client-aborted',
  'proxy-out-of-fds',
  'proxy-out-of-connections',
  'proxy-bind-failed',
  'proxy-config',
  'auth-subrequest-failed',
  'not-http',
  'masked-502',
  'subrequest-only',
] as const;

export type Neighbour = (typeof NEIGHBOURS)[number];

export const UNKNOWN_REASONS = ['no-evidence', 'encrypted', 'capture-gap', 'unlinked', 'no-upstream-traffic'] as const;

export type UnknownReason = (typeof UNKNOWN_REASONS)[number];

/**
 * All causes, in the order in which they are asked. The first that recognises an attempt has it, so the order is part of
 * what they mean: what the connection shows first is asked first, and within a stage the particular before the general.
 *
 * 1. it was never open; 2. the peer's own 502; 3. the client left; 4. TLS; 5. what the peer said is unacceptable;
 * 6. it answered and the answer was lost; 7. who closed, and when; 8. silence; 9. nothing of all this: unknown.
 * Causes that no packet shows stand with their family: for now they only explain themselves.
 */
import { CAUSES, type Cause, NEIGHBOURS, type Neighbour } from '../model/cause.ts';
import type { CauseFile } from './cause-file.ts';
import { cached502 } from './causes/cached-502.ts';
import { closeBeforeResponse } from './causes/close-before-response.ts';
import { closeInHeader } from './causes/close-in-header.ts';
import { configResponse } from './causes/config-response.ts';
import { connectDenied } from './causes/connect-denied.ts';
import { connectErrorOther } from './causes/connect-error-other.ts';
import { connectHostUnreachable } from './causes/connect-host-unreachable.ts';
import { connectNetUnreachable } from './causes/connect-net-unreachable.ts';
import { connectRefused } from './causes/connect-refused.ts';
import { connectRejectedFirewall } from './causes/connect-rejected-firewall.ts';
import { connectTimeoutKernel } from './causes/connect-timeout-kernel.ts';
import { earlyHintsInvalid } from './causes/early-hints-invalid.ts';
import { earlyResponseLost } from './causes/early-response-lost.ts';
import { fastcgiNoHeaders } from './causes/fastcgi-no-headers.ts';
import { fastcgiRecordInvalid } from './causes/fastcgi-record-invalid.ts';
import { fastcgiStderrCaught } from './causes/fastcgi-stderr-caught.ts';
import { h2Goaway } from './causes/h2-goaway.ts';
import { h2ProtocolError } from './causes/h2-protocol-error.ts';
import { h2StreamReset } from './causes/h2-stream-reset.ts';
import { headerConflict } from './causes/header-conflict.ts';
import { headerInvalid } from './causes/header-invalid.ts';
import { headerTooBig } from './causes/header-too-big.ts';
import { localPortsExhausted } from './causes/local-ports-exhausted.ts';
import { memcachedInvalid } from './causes/memcached-invalid.ts';
import { noLiveUpstreams } from './causes/no-live-upstreams.ts';
import { protocolMismatch } from './causes/protocol-mismatch.ts';
import { resetBeforeResponse } from './causes/reset-before-response.ts';
import { resetDuringRequest } from './causes/reset-during-request.ts';
import { resetInHeader } from './causes/reset-in-header.ts';
import { resolverFailed } from './causes/resolver-failed.ts';
import { resolverMissing } from './causes/resolver-missing.ts';
import { staleKeepalive } from './causes/stale-keepalive.ts';
import { statusInvalid } from './causes/status-invalid.ts';
import { tlsAlertAfterHandshake } from './causes/tls-alert-after-handshake.ts';
import { tlsCertRejected } from './causes/tls-cert-rejected.ts';
import { tlsHandshakeAlert } from './causes/tls-handshake-alert.ts';
import { tlsHandshakeClosed } from './causes/tls-handshake-closed.ts';
import { tlsPlaintextBeforeHandshake } from './causes/tls-plaintext-before-handshake.ts';
import { tlsPlaintextUpstream } from './causes/tls-plaintext-upstream.ts';
import { transportTimeout } from './causes/transport-timeout.ts';
import { unixBacklogFull } from './causes/unix-backlog-full.ts';
import { unixSocketDenied } from './causes/unix-socket-denied.ts';
import { unixSocketMissing } from './causes/unix-socket-missing.ts';
import { unixSocketRefused } from './causes/unix-socket-refused.ts';
import { unknown } from './causes/unknown.ts';
import { upstream502 } from './causes/upstream-502.ts';
import { upstream502Intercepted } from './causes/upstream-502-intercepted.ts';
import { authSubrequestFailed } from './neighbours/auth-subrequest-failed.ts';
import { bodyTruncated } from './neighbours/body-truncated.ts';
import { clientAborted } from './neighbours/client-aborted.ts';
import { masked502 } from './neighbours/masked-502.ts';
import { notHttp } from './neighbours/not-http.ts';
import { proxyBindFailed } from './neighbours/proxy-bind-failed.ts';
import { proxyConfig } from './neighbours/proxy-config.ts';
import { proxyConnectTimeout } from './neighbours/proxy-connect-timeout.ts';
import { proxyOutOfConnections } from './neighbours/proxy-out-of-connections.ts';
import { proxyOutOfFds } from './neighbours/proxy-out-of-fds.ts';
import { proxyReadTimeout } from './neighbours/proxy-read-timeout.ts';
import { proxySendTimeout } from './neighbours/proxy-send-timeout.ts';
import { subrequestOnly } from './neighbours/subrequest-only.ts';

export const REGISTRY: readonly CauseFile[] = [
  // never open
  connectRejectedFirewall,
  connectRefused,
  connectHostUnreachable,
  connectNetUnreachable,
  connectErrorOther,
  proxyConnectTimeout,
  connectTimeoutKernel,
  connectDenied,
  localPortsExhausted,
  unixSocketMissing,
  unixSocketDenied,
  unixSocketRefused,
  unixBacklogFull,
  // nobody was asked
  noLiveUpstreams,
  resolverFailed,
  resolverMissing,
  cached502,
  configResponse,
  // the peer's own 502
  upstream502Intercepted,
  upstream502,
  // the client left
  clientAborted,
  // TLS
  tlsPlaintextBeforeHandshake,
  tlsPlaintextUpstream,
  tlsCertRejected,
  tlsHandshakeAlert,
  tlsAlertAfterHandshake,
  tlsHandshakeClosed,
  // what the peer said
  notHttp,
  protocolMismatch,
  h2StreamReset,
  h2Goaway,
  h2ProtocolError,
  fastcgiNoHeaders,
  fastcgiRecordInvalid,
  headerConflict,
  statusInvalid,
  earlyHintsInvalid,
  headerInvalid,
  headerTooBig,
  memcachedInvalid,
  // answered, but lost or dropped
  earlyResponseLost,
  fastcgiStderrCaught,
  bodyTruncated,
  // who closed, and when
  staleKeepalive,
  resetDuringRequest,
  resetInHeader,
  closeInHeader,
  resetBeforeResponse,
  closeBeforeResponse,
  // silence
  transportTimeout,
  proxySendTimeout,
  proxyReadTimeout,
  // explained only
  proxyOutOfFds,
  proxyOutOfConnections,
  proxyBindFailed,
  proxyConfig,
  authSubrequestFailed,
  masked502,
  subrequestOnly,
  // last of all
  unknown,
];

const BY_CAUSE: ReadonlyMap<string, CauseFile> = new Map(REGISTRY.map((file) => [file.cause, file]));

export function causeFileOf(cause: Cause | Neighbour): CauseFile {
  const file = BY_CAUSE.get(cause);
  if (!file) throw new Error(`no file for the cause ${cause}`);
  return file;
}

/** The cause of that name, if it is one. */
export function maybeCauseFile(name: string): CauseFile | undefined {
  return BY_CAUSE.get(name);
}

/** In the order of the closed list, which is the order for reading. */
export function causeFiles(): readonly CauseFile[] {
  return [...CAUSES, ...NEIGHBOURS].map(causeFileOf);
}

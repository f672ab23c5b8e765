/** What a line of nginx's error log says about an attempt or a request (the regular expressions of the closed list). */
import type { Cause, Neighbour } from '../../src/model/cause.ts';

export interface LogVerdict {
  readonly cause: Cause | Neighbour;
  /** `attempt`: it ended one attempt. `request`: nothing was tried. `context`: says nothing about the outcome. */
  readonly of: 'attempt' | 'request' | 'context';
  /** connect() itself failed: nothing left the gateway. */
  readonly synchronous: boolean;
}

interface Rule {
  readonly cause: Cause | Neighbour;
  readonly of?: LogVerdict['of'];
  readonly pattern: RegExp;
  /** Where octets of the response had come, this cause instead. */
  readonly withOctets?: Cause;
}

const HEAD = 'while reading response header from upstream';

/** The first that matches wins. */
const RULES: readonly Rule[] = [
  { cause: 'resolver-missing', of: 'request', pattern: /^no resolver defined to resolve / },
  { cause: 'resolver-failed', of: 'request', pattern: /^\S+ could not be resolved \(\d+: / },
  { cause: 'no-live-upstreams', pattern: /^no live upstreams while connecting to upstream/ },
  { cause: 'unix-socket-missing', pattern: /^connect\(\) to unix:.+? failed \(2: / },
  { cause: 'unix-socket-denied', pattern: /^connect\(\) to unix:.+? failed \(13: / },
  { cause: 'unix-socket-refused', pattern: /^connect\(\) to unix:.+? failed \(111: / },
  { cause: 'unix-backlog-full', pattern: /^connect\(\) to unix:.+? failed \(11: / },
  { cause: 'connect-refused', pattern: /^connect\(\)(?: to \S+)? failed \(111: / },
  { cause: 'connect-timeout-kernel', pattern: /^connect\(\) failed \(110: / },
  { cause: 'connect-host-unreachable', pattern: /^connect\(\)(?: to \S+)? failed \(113: / },
  { cause: 'connect-net-unreachable', pattern: /^connect\(\)(?: to \S+)? failed \(101: / },
  { cause: 'connect-denied', pattern: /^connect\(\) to (?!unix:)\S+ failed \((?:13|1): / },
  { cause: 'local-ports-exhausted', pattern: /^connect\(\) to \S+ failed \(99: / },
  { cause: 'stale-keepalive', pattern: /^connect\(\) failed \(104: / },
  { cause: 'connect-error-other', pattern: /^connect\(\)(?: to \S+)? failed \(\d+: / },
  {
    cause: 'tls-plaintext-upstream',
    pattern: /SSL_do_handshake\(\) failed .*(?:wrong version number|packet length too long|unknown protocol)/,
  },
  { cause: 'tls-handshake-alert', pattern: /SSL_do_handshake\(\) failed .*SSL alert number \d+/ },
  { cause: 'tls-handshake-closed', pattern: /^peer closed connection in SSL handshake/ },
  { cause: 'tls-cert-rejected', pattern: /^upstream SSL certificate (?:verify error: \(\d+:|does not match )/ },
  { cause: 'tls-alert-after-handshake', pattern: /^SSL_read\(\) failed .*alert number \d+/ },
  { cause: 'tls-plaintext-before-handshake', pattern: /^upstream prematurely sent response/ },
  {
    cause: 'reset-before-response',
    pattern: new RegExp(`^recv\\(\\) failed \\(104: .*${HEAD}`),
    withOctets: 'reset-in-header',
  },
  {
    cause: 'reset-before-response',
    pattern: new RegExp(`^SSL_read\\(\\) failed \\(104: .*${HEAD}`),
    withOctets: 'reset-in-header',
  },
  {
    cause: 'close-before-response',
    pattern: new RegExp(`^upstream prematurely closed connection ${HEAD}`),
    withOctets: 'close-in-header',
  },
  {
    cause: 'reset-during-request',
    pattern: /^(?:writev|sendfile|send|SSL_write)\(\) failed .*\((?:104|32): .* while sending request to upstream/,
  },
  { cause: 'reset-during-request', pattern: /^(?:writev|sendfile|send)\(\) failed \((?:104|32): / },
  {
    cause: 'body-truncated',
    of: 'context',
    pattern:
      /^(?:upstream prematurely closed (?:connection|FastCGI (?:stdout|request))|(?:readv|recv|SSL_read)\(\) failed .*|upstream sent invalid chunked response|upstream timed out .*) while (?:reading upstream|sending to client)/,
  },
  { cause: 'transport-timeout', pattern: /^(?:recv|writev|sendfile|readv)\(\) failed \((?:110|113): / },
  { cause: 'header-too-big', pattern: /^upstream sent too big header/ },
  { cause: 'header-invalid', pattern: /^upstream sent invalid header(?:: ".*")?/ },
  {
    cause: 'header-conflict',
    pattern:
      /^upstream sent (?:duplicate header line.*(?<!ignored) while|"Content-Length" and "Transfer-Encoding"|invalid "Content-Length"|unknown "Transfer-Encoding")/,
  },
  { cause: 'status-invalid', pattern: /^upstream sent invalid status/ },
  { cause: 'early-hints-invalid', pattern: /^upstream sent HTTP\/1\.0 response with early hints/ },
  {
    cause: 'protocol-mismatch',
    pattern: /unsupported FastCGI protocol version: \d+|too large http2 frame: (?:4740180|13770\d\d)/,
  },
  {
    cause: 'fastcgi-no-headers',
    pattern:
      /^upstream (?:sent unexpected FastCGI record: 3|prematurely closed FastCGI stdout) while reading response header/,
  },
  {
    cause: 'fastcgi-record-invalid',
    pattern: /^upstream sent (?:invalid FastCGI record type|unexpected FastCGI (?:record: (?!3\b)|request id))/,
  },
  { cause: 'h2-goaway', pattern: /^upstream sent goaway with error \d+/ },
  { cause: 'h2-stream-reset', pattern: /^upstream rejected request with error \d+/ },
  {
    cause: 'h2-protocol-error',
    pattern:
      /^upstream (?:sent (?:unexpected http2 frame|(?:data )?frame for|too (?:short|large) http2|(?:too large|zero) window|(?:zero|invalid|truncated|too large) http2|http2 |(?:headers|settings|ping|goaway|rst stream|window update) frame|too many (?:settings|ping)|(?:no|duplicate|invalid|unexpected) :status|unexpected push promise|invalid encoded header|response body larger|trailer without)|violated |prematurely closed stream)/,
  },
  { cause: 'memcached-invalid', pattern: /^memcached sent invalid/ },
  { cause: 'fastcgi-stderr-caught', of: 'context', pattern: /^FastCGI sent in stderr:/ },
  {
    cause: 'proxy-connect-timeout',
    pattern: /^upstream timed out \(110: [^)]*\) while (?:connecting to|SSL handshaking to)/,
  },
  { cause: 'proxy-send-timeout', pattern: /^upstream timed out \(110: [^)]*\) while sending request to/ },
  { cause: 'proxy-read-timeout', pattern: /^upstream timed out \(110: [^)]*\) while reading response header/ },
  { cause: 'client-aborted', of: 'context', pattern: /client prematurely closed connection/ },
  { cause: 'auth-subrequest-failed', of: 'context', pattern: /^auth request unexpected status: \d+/ },
  { cause: 'not-http', of: 'context', pattern: /^upstream sent no valid HTTP\/1\.0 header/ },
];

/** What the message says; `undefined` where it says nothing about a request's outcome. */
export function classify(message: string, responseOctets: number): LogVerdict | undefined {
  const rule = RULES.find(({ pattern }) => pattern.test(message));
  if (rule === undefined) return undefined;
  const cause = responseOctets > 0 ? (rule.withOctets ?? rule.cause) : rule.cause;
  return { cause, of: rule.of ?? 'attempt', synchronous: /^connect\(\) to /.test(message) };
}

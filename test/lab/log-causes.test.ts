import { describe, expect, test } from 'vitest';
import { CAUSES } from '../../src/model/cause.ts';
import { classify } from './log-causes.ts';

/** Messages as nginx 1.22.1 and 1.31.5 write them. */
const MESSAGES: readonly (readonly [message: string, cause: string, octets?: number])[] = [
  ['connect() failed (111: Connection refused) while connecting to upstream', 'connect-refused'],
  ['connect() failed (110: Connection timed out) while connecting to upstream', 'connect-timeout-kernel'],
  ['connect() failed (113: No route to host) while connecting to upstream', 'connect-host-unreachable'],
  ['connect() to 10.81.0.1:80 failed (113: No route to host) while connecting to upstream', 'connect-host-unreachable'],
  [
    'connect() to 192.0.2.1:80 failed (101: Network is unreachable) while connecting to upstream',
    'connect-net-unreachable',
  ],
  ['connect() to 10.79.0.1:80 failed (13: Permission denied) while connecting to upstream', 'connect-denied'],
  ['connect() to 10.80.0.1:80 failed (22: Invalid argument) while connecting to upstream', 'connect-error-other'],
  [
    'connect() to 127.0.0.1:21009 failed (99: Cannot assign requested address) while connecting to upstream',
    'local-ports-exhausted',
  ],
  ['connect() failed (104: Connection reset by peer) while connecting to upstream', 'stale-keepalive'],
  [
    'connect() to unix:/run/a.sock failed (2: No such file or directory) while connecting to upstream',
    'unix-socket-missing',
  ],
  ['connect() to unix:/run/a.sock failed (13: Permission denied) while connecting to upstream', 'unix-socket-denied'],
  [
    'connect() to unix:/run/a.sock failed (111: Connection refused) while connecting to upstream',
    'unix-socket-refused',
  ],
  [
    'connect() to unix:/run/a.sock failed (11: Resource temporarily unavailable) while connecting to upstream',
    'unix-backlog-full',
  ],
  ['no live upstreams while connecting to upstream', 'no-live-upstreams'],
  ['no resolver defined to resolve app.lab.example', 'resolver-missing'],
  ['nxdomain.lab.example could not be resolved (3: Host not found)', 'resolver-failed'],
  [
    'SSL_do_handshake() failed (SSL: error:0A00010B:SSL routines::wrong version number) while SSL handshaking to upstream',
    'tls-plaintext-upstream',
  ],
  [
    'SSL_do_handshake() failed (SSL: error:0A000410:SSL routines::sslv3 alert handshake failure:SSL alert number 40) while SSL handshaking to upstream',
    'tls-handshake-alert',
  ],
  ['peer closed connection in SSL handshake while SSL handshaking to upstream', 'tls-handshake-closed'],
  [
    'peer closed connection in SSL handshake (104: Connection reset by peer) while SSL handshaking to upstream',
    'tls-handshake-closed',
  ],
  [
    'upstream SSL certificate verify error: (20:unable to get local issuer certificate) while SSL handshaking to upstream',
    'tls-cert-rejected',
  ],
  ['upstream SSL certificate does not match "other.example" while SSL handshaking to upstream', 'tls-cert-rejected'],
  [
    'SSL_read() failed (SSL: error:0A00045C:SSL routines::tlsv13 alert certificate required:SSL alert number 116) while reading response header from upstream',
    'tls-alert-after-handshake',
  ],
  ['upstream prematurely sent response while SSL handshaking to upstream', 'tls-plaintext-before-handshake'],
  [
    'recv() failed (104: Connection reset by peer) while reading response header from upstream',
    'reset-before-response',
  ],
  ['recv() failed (104: Connection reset by peer) while reading response header from upstream', 'reset-in-header', 7],
  ['upstream prematurely closed connection while reading response header from upstream', 'close-before-response'],
  ['upstream prematurely closed connection while reading response header from upstream', 'close-in-header', 7],
  ['writev() failed (104: Connection reset by peer) while sending request to upstream', 'reset-during-request'],
  ['sendfile() failed (32: Broken pipe) while sending request to upstream', 'reset-during-request'],
  ['recv() failed (110: Connection timed out) while reading response header from upstream', 'transport-timeout'],
  ['upstream sent too big header while reading response header from upstream', 'header-too-big', 4096],
  ['upstream sent invalid header: "X-Bad\\x01..." while reading response header from upstream', 'header-invalid', 9],
  [
    'upstream sent duplicate header line: "Content-Length: 2", previous value: "Content-Length: 2" while reading response header from upstream',
    'header-conflict',
    9,
  ],
  [
    'upstream sent "Content-Length" and "Transfer-Encoding" headers at the same time while reading response header from upstream',
    'header-conflict',
    9,
  ],
  ['upstream sent invalid status "abc" while reading response header from upstream', 'status-invalid', 9],
  [
    'upstream sent HTTP/1.0 response with early hints while reading response header from upstream',
    'early-hints-invalid',
  ],
  [
    'upstream sent unsupported FastCGI protocol version: 72 while reading response header from upstream',
    'protocol-mismatch',
  ],
  ['upstream sent too large http2 frame: 4740180 while reading response header from upstream', 'protocol-mismatch'],
  ['upstream sent too large http2 frame: 20000 while reading response header from upstream', 'h2-protocol-error'],
  ['upstream sent no :status header while reading response header from upstream', 'h2-protocol-error'],
  ['upstream sent goaway with error 0 while reading response header from upstream', 'h2-goaway'],
  ['upstream rejected request with error 7 while reading response header from upstream', 'h2-stream-reset'],
  ['upstream sent unexpected FastCGI record: 3 while reading response header from upstream', 'fastcgi-no-headers'],
  ['upstream prematurely closed FastCGI stdout while reading response header from upstream', 'fastcgi-no-headers'],
  [
    'upstream sent invalid FastCGI record type: 29 while reading response header from upstream',
    'fastcgi-record-invalid',
  ],
  [
    'upstream sent unexpected FastCGI request id high byte: 1 while reading response header from upstream',
    'fastcgi-record-invalid',
  ],
  [
    'memcached sent invalid response: "ERROR" for key "/a" while reading response header from upstream',
    'memcached-invalid',
  ],
  ['upstream timed out (110: Connection timed out) while reading response header from upstream', 'proxy-read-timeout'],
  ['upstream timed out (110: Connection timed out) while connecting to upstream', 'proxy-connect-timeout'],
];

describe('a line of the error log', () => {
  for (const [message, cause, octets = 0] of MESSAGES)
    test(`${message} is ${cause}`, () => {
      expect(classify(message, octets)?.cause).toBe(cause);
    });

  test('says of itself whether connect() failed at once', () => {
    expect(classify('connect() to 10.81.0.1:80 failed (113: No route to host)', 0)?.synchronous).toBe(true);
    expect(classify('connect() failed (113: No route to host)', 0)?.synchronous).toBe(false);
  });

  test.each([
    'upstream server temporarily disabled while connecting to upstream',
    'client 127.0.0.1 closed keepalive connection',
    'a client request body is buffered to a temporary file /tmp/1',
    'upstream sent duplicate header line: "Date: a", previous value: "Date: b", ignored while reading response header from upstream',
  ])('%s ends no attempt', (message) => {
    expect(classify(message, 0)?.of).not.toBe('attempt');
  });

  test.each([
    'upstream prematurely closed connection while reading upstream',
    'readv() failed (104: Connection reset by peer) while reading upstream',
    'recv() failed (110: Connection timed out) while reading upstream',
    'FastCGI sent in stderr: "PHP message: x" while reading response header from upstream',
    'epoll_wait() reported that client prematurely closed connection, so upstream connection is closed too while connecting to upstream',
  ])('%s is context, not the end of an attempt', (message) => {
    expect(classify(message, 12)?.of).toBe('context');
  });

  test('names only causes of the closed list, or neighbours', () => {
    const known = new Set<string>([...CAUSES, 'proxy-read-timeout', 'proxy-connect-timeout']);
    for (const [, cause] of MESSAGES) expect(known).toContain(cause);
  });
});

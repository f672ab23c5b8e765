import { describe, expect, test } from 'vitest';
import { CAUSES, type Cause, NEIGHBOURS } from '../../src/model/cause.ts';
import { SECTIONS } from '../../src/verdict/cause-file.ts';
import { causeFiles, REGISTRY } from '../../src/verdict/registry.ts';

const TITLE_COLUMNS = 60;

describe.each(causeFiles())('the file of $cause', (file) => {
  test('says what it is, how it is recognised, where it comes from and what to do', () => {
    expect(file.title.length).toBeLessThanOrEqual(TITLE_COLUMNS);
    expect(file.title).not.toBe('');
    expect(file.meaning).toMatch(/[.]$/);
    for (const text of Object.values(file.recognised)) expect(text).not.toBe('');
    expect(file.roots.length).toBeGreaterThan(0);
    expect(file.remedies.length).toBeGreaterThan(0);
    for (const remedy of file.remedies) expect(remedy).toMatch(/[.?]$/);
  });

  test('stands in the section of its kind', () => {
    expect(SECTIONS).toContain(file.section);
    expect(file.section.startsWith('Neighbours')).toBe((NEIGHBOURS as readonly string[]).includes(file.cause));
  });

  test('is in plain ASCII, which every terminal and log can show', () => {
    const { judge, judgeAnswer, judgeAbsence, judgeSilent, log, ...texts } = file;
    expect(JSON.stringify(texts)).toMatch(/^[\x20-\x7e]*$/);
  });
});

test('no section is empty', () => {
  expect(SECTIONS.filter((section) => !REGISTRY.some((file) => file.section === section))).toEqual([]);
});

/** Error-log messages of nginx 1.22.1 and 1.31.5 as the lab saw them, and the causes that may have written them. */
const MESSAGES: Readonly<Partial<Record<Cause, readonly string[]>>> = {
  'resolver-missing': ['no resolver defined to resolve app.example'],
  'resolver-failed': [
    'app.example could not be resolved (3: Host not found)',
    'app.example could not be resolved (110: Operation timed out)',
  ],
  'no-live-upstreams': ['no live upstreams while connecting to upstream'],
  'connect-refused': ['connect() failed (111: Connection refused) while connecting to upstream'],
  'connect-timeout-kernel': ['connect() failed (110: Connection timed out) while connecting to upstream'],
  'connect-host-unreachable': [
    'connect() failed (113: No route to host) while connecting to upstream',
    'connect() to 10.0.0.7:80 failed (113: No route to host) while connecting to upstream',
  ],
  'connect-net-unreachable': [
    'connect() to [2001:db8::1]:80 failed (101: Network is unreachable) while connecting to upstream',
  ],
  'connect-denied': ['connect() to 10.0.0.7:80 failed (13: Permission denied) while connecting to upstream'],
  'local-ports-exhausted': [
    'connect() to 10.0.0.7:80 failed (99: Cannot assign requested address) while connecting to upstream',
  ],
  'connect-error-other': ['connect() to 10.0.0.7:80 failed (22: Invalid argument) while connecting to upstream'],
  'unix-socket-missing': [
    'connect() to unix:/run/php.sock failed (2: No such file or directory) while connecting to upstream',
  ],
  'unix-socket-denied': ['connect() to unix:/run/php.sock failed (13: Permission denied) while connecting to upstream'],
  'unix-socket-refused': [
    'connect() to unix:/run/php.sock failed (111: Connection refused) while connecting to upstream',
  ],
  'unix-backlog-full': [
    'connect() to unix:/run/php.sock failed (11: Resource temporarily unavailable) while connecting to upstream',
  ],
  'tls-plaintext-upstream': [
    'SSL_do_handshake() failed (SSL: error:0A00010B:SSL routines::wrong version number) while SSL handshaking to upstream',
  ],
  'tls-handshake-alert': [
    'SSL_do_handshake() failed (SSL: error:0A00042E:SSL routines::tlsv1 alert protocol version:SSL alert number 70) while SSL handshaking to upstream',
  ],
  'tls-handshake-closed': [
    'peer closed connection in SSL handshake while SSL handshaking to upstream',
    'peer closed connection in SSL handshake (104: Connection reset by peer) while SSL handshaking to upstream',
  ],
  'tls-cert-rejected': [
    'upstream SSL certificate verify error: (18:self-signed certificate) while SSL handshaking to upstream',
    'upstream SSL certificate does not match "app.example" while SSL handshaking to upstream',
  ],
  'tls-alert-after-handshake': [
    'SSL_read() failed (SSL: error:0A00045C:SSL routines::tlsv13 alert certificate required:SSL alert number 116) while reading response header from upstream',
  ],
  'tls-plaintext-before-handshake': ['upstream prematurely sent response while SSL handshaking to upstream'],
  'reset-before-response': [
    'recv() failed (104: Connection reset by peer) while reading response header from upstream',
  ],
  'close-before-response': ['upstream prematurely closed connection while reading response header from upstream'],
  'reset-during-request': [
    'writev() failed (104: Connection reset by peer) while sending request to upstream',
    'sendfile() failed (32: Broken pipe) while sending request to upstream',
  ],
  'stale-keepalive': ['connect() failed (104: Connection reset by peer) while connecting to upstream'],
  'transport-timeout': [
    'recv() failed (110: Connection timed out) while reading response header from upstream',
    'writev() failed (113: No route to host) while sending request to upstream',
  ],
  'header-too-big': ['upstream sent too big header while reading response header from upstream'],
  'header-invalid': [
    'upstream sent invalid header while reading response header from upstream',
    'upstream sent invalid header: "X-Bad\\x01..." while reading response header from upstream',
  ],
  'header-conflict': [
    'upstream sent duplicate header line: "Content-Length: 5", previous value: "Content-Length: 6" while reading response header from upstream',
    'upstream sent "Content-Length" and "Transfer-Encoding" headers at the same time while reading response header from upstream',
    'upstream sent invalid "Content-Length" header: "Content-Length: x" while reading response header from upstream',
    'upstream sent unknown "Transfer-Encoding": "gzip" while reading response header from upstream',
  ],
  'status-invalid': ['upstream sent invalid status "abc" while reading response header from upstream'],
  'early-hints-invalid': [
    'upstream sent HTTP/1.0 response with early hints while reading response header from upstream',
  ],
  'protocol-mismatch': [
    'upstream sent unsupported FastCGI protocol version: 72 while reading response header from upstream',
    'upstream sent too large http2 frame: 4740180 while reading response header from upstream',
  ],
  'fastcgi-no-headers': [
    'upstream sent unexpected FastCGI record: 3 while reading response header from upstream',
    'upstream prematurely closed FastCGI stdout while reading response header from upstream',
  ],
  'fastcgi-record-invalid': [
    'upstream sent invalid FastCGI record type: 99 while reading response header from upstream',
    'upstream sent unexpected FastCGI request id low byte: 7 while reading response header from upstream',
  ],
  'fastcgi-stderr-caught': ['FastCGI sent in stderr: "PHP message: boom" while reading response header from upstream'],
  'h2-goaway': ['upstream sent goaway with error 0 while reading response header from upstream'],
  'h2-stream-reset': ['upstream rejected request with error 7 while reading response header from upstream'],
  'h2-protocol-error': [
    'upstream sent unexpected http2 frame: 9 while reading response header from upstream',
    'upstream sent frame for unknown stream 3 while reading response header from upstream',
    'upstream sent too short http2 frame while reading response header from upstream',
    'upstream sent no :status header while reading response header from upstream',
    'upstream sent headers frame with invalid length: 0 while reading response header from upstream',
    'upstream sent too many settings frames while reading response header from upstream',
    'upstream sent unexpected push promise frame while reading response header from upstream',
  ],
  'memcached-invalid': ['memcached sent invalid response: "ERROR" while reading response header from upstream'],
};

const NEIGHBOUR_MESSAGES: Readonly<Record<string, string>> = {
  'upstream timed out (110: Connection timed out) while connecting to upstream': 'proxy-connect-timeout',
  'upstream timed out (110: Connection timed out) while SSL handshaking to upstream': 'proxy-connect-timeout',
  'upstream timed out (110: Connection timed out) while sending request to upstream': 'proxy-send-timeout',
  'upstream timed out (110: Connection timed out) while reading response header from upstream': 'proxy-read-timeout',
  'upstream prematurely closed connection while reading upstream': 'body-truncated',
  'upstream prematurely closed connection while sending to client': 'body-truncated',
  'upstream prematurely closed FastCGI request while reading upstream': 'body-truncated',
  'readv() failed (104: Connection reset by peer) while reading upstream': 'body-truncated',
  'upstream sent invalid chunked response while reading upstream': 'body-truncated',
  'client prematurely closed connection, so upstream connection is closed too while sending request to upstream':
    'client-aborted',
  'epoll_wait() reported that client prematurely closed connection, so upstream connection is closed too':
    'client-aborted',
  'socket() failed (24: Too many open files) while connecting to upstream': 'proxy-out-of-fds',
  '1024 worker_connections are not enough while connecting to upstream': 'proxy-out-of-connections',
  'bind(10.9.9.9) failed (99: Cannot assign requested address) while connecting to upstream': 'proxy-bind-failed',
  'no port in upstream "app.example" while connecting to upstream': 'proxy-config',
  'auth request unexpected status: 502': 'auth-subrequest-failed',
  'upstream sent no valid HTTP/1.0 header while reading response header from upstream': 'not-http',
};

function matching(message: string): readonly string[] {
  const causes = REGISTRY.filter((file) => file.log?.test(message)).map(({ cause }) => cause as string);
  // The one overlap that is meant: an HTTP/1 answer is also a frame too large, and is asked first.
  return causes[0] === 'protocol-mismatch' ? causes.slice(0, 1) : causes;
}

describe('a line of the error log matches exactly one cause', () => {
  const lines = Object.entries(MESSAGES).flatMap(([cause, messages]) =>
    messages.map((message) => [message, cause] as const),
  );
  test.each([...lines, ...Object.entries(NEIGHBOUR_MESSAGES)])('%s: %s', (message, cause) => {
    expect(matching(message)).toEqual([cause]);
  });

  test.each([
    'upstream server temporarily disabled while connecting to upstream',
    'upstream timed out (110: Connection timed out) while reading upstream',
    'a client request body is buffered to a temporary file /var/lib/nginx/body/1',
  ])('%s: none', (message) => {
    expect(matching(message)).toEqual([]);
  });
});

test('every pattern has a message, and where the log cannot tell, the file says from which cause', () => {
  const tried = new Set<string>([...Object.keys(MESSAGES), ...Object.values(NEIGHBOUR_MESSAGES)]);
  expect(REGISTRY.filter(({ log, cause }) => log && !tried.has(cause)).map(({ cause }) => cause)).toEqual([]);
  for (const { logAs } of REGISTRY) {
    if (logAs) expect(CAUSES).toContain(logAs);
  }
});

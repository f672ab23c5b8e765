/**
 * The 502 matrix: what is said of each situation, by how much is known. This table is the product's specification.
 *
 * plain: everything was seen, and an identity ties the attempt to its request. reused: the same on a connection that had
 * served others and was idle for 5 s. loss: the capture lost packets meanwhile. margin: tied by timing alone, and another
 * assignment is nearly as good. rivals: a failed attempt that nobody claims would fit after it.
 * C certain, L likely, P possible; a cause after it: another one than on the left; `-`: there is no such thing.
 */
import { describe, expect, test } from 'vitest';
import { CONFIDENCES } from '../../src/model/verdict.ts';
import { judge } from '../../src/verdict/judge.ts';
import { COLUMNS, type Column, incidentOf, SITUATIONS, type Situation } from './situations.ts';

const TABLE = `
situation | cause{subcause}                      | plain | reused                   | loss                   | margin              | rivals
RST to the SYN                                      | connect-refused                      | L     | -                        | L                      | P                   | L
RST to the SYN with another TTL than its host       | connect-rejected-firewall            | L     | -                        | L                      | P                   | L
ICMP port unreachable                               | connect-rejected-firewall            | C     | -                        | L                      | P                   | L
ICMPv6 port unreachable                             | connect-rejected-firewall            | C     | -                        | L                      | P                   | L
ICMPv6 administratively prohibited                  | connect-rejected-firewall            | L     | -                        | L                      | P                   | L
ICMP host unreachable                               | connect-host-unreachable             | C     | -                        | L                      | P                   | L
ICMP administratively prohibited                    | connect-host-unreachable             | C     | -                        | L                      | P                   | L
ICMP network unreachable                            | connect-net-unreachable              | C     | -                        | L                      | P                   | L
ICMP protocol unreachable                           | connect-error-other{92}              | L     | -                        | L                      | P                   | L
ARP without an answer                               | connect-host-unreachable             | L     | -                        | P                      | P                   | L
SYNs without an answer, then 502                    | connect-timeout-kernel               | L     | -                        | L                      | P                   | L
one SYN without an answer, then 502                 | connect-timeout-kernel               | P     | -                        | P                      | P                   | P
SYNs without an answer, then 504                    | proxy-connect-timeout                | L     | -                        | L                      | P                   | L
ClientHello, then HTTP                              | tls-plaintext-upstream               | C     | -                        | L                      | P                   | L
ClientHello, then alert 70                          | tls-handshake-alert{70}              | C     | -                        | L                      | P                   | L
ClientHello, then FIN                               | tls-handshake-closed{fin}            | C     | -                        | L                      | P                   | L
ClientHello, then RST                               | tls-handshake-closed{reset}          | C     | -                        | L                      | P                   | L
TLS handshake, then the gateway leaves              | tls-cert-rejected                    | L     | -                        | L                      | P                   | L
the gateway's goodbye after the handshake, then FIN | tls-cert-rejected                    | L     | -                        | L                      | P                   | L
alert 40 from the gateway                           | tls-handshake-alert{40}              | L     | -                        | L                      | P                   | L
alert 48 from the gateway                           | tls-cert-rejected                    | C     | -                        | L                      | P                   | L
encrypted alert crossing the request                | tls-alert-after-handshake            | L     | -                        | L                      | P                   | L
alert 116 after the request                         | tls-alert-after-handshake{116}       | C     | -                        | L                      | P                   | L
encrypted alert long after the request              | close-before-response                | L     | -                        | L                      | P                   | L
the peer speaks before the ClientHello              | tls-plaintext-before-handshake       | L     | -                        | L                      | P                   | L
the peer speaks, the gateway says nothing           | tls-plaintext-before-handshake       | P     | -                        | P                      | P                   | P
the peer answers 408, the gateway says nothing      | tls-plaintext-before-handshake       | L     | -                        | L                      | P                   | L
TLS, request sent, RST                              | reset-before-response                | L     | -                        | L                      | P                   | L
TLS, request sent, FIN                              | close-before-response                | L     | -                        | L                      | P                   | L
TLS, answered before, another request, FIN          | stale-keepalive{eof}                 | P     | -                        | P                      | P                   | P
TLS, answered, FIN                                  | unknown{encrypted}                   | P     | -                        | P                      | P                   | P
FastCGI request, RST at once                        | reset-before-response                | C     | L stale-keepalive{reset} | L                      | P                   | L
FastCGI request, RST after 2.31 s                   | reset-before-response                | C     | L                        | L                      | P                   | L
HTTP request, RST at once                           | reset-before-response                | L     | L stale-keepalive{reset} | L                      | P                   | L
HTTP request, RST after 2.31 s                      | reset-before-response                | C     | L                        | L                      | P                   | L
HTTP request, FIN at once                           | close-before-response                | L     | L stale-keepalive{eof}   | L                      | P                   | L
HTTP request, RST after 40 ms                       | reset-before-response                | L     | P                        | L                      | P                   | L
HTTP request, FIN after 40 ms                       | close-before-response                | L     | P                        | L                      | P                   | L
HTTP request, FIN after 30 s                        | close-before-response                | C     | C                        | L                      | P                   | L
FIN, then RST, after 30 s                           | close-before-response                | C     | C                        | L                      | P                   | L
uwsgi request, FIN after 1 s                        | close-before-response                | C     | L                        | L                      | P                   | L
RST right after the handshake                       | reset-before-response                | L     | -                        | L                      | P                   | L
FIN right after the handshake                       | close-before-response                | L     | -                        | L                      | P                   | L
HTTP/2 SETTINGS, request, FIN                       | close-in-header                      | L     | L                        | L                      | P                   | L
HTTP/2 SETTINGS, request, RST                       | reset-in-header                      | L     | L                        | L                      | P                   | L
HTTP/2 request, silence, FIN                        | close-before-response                | C     | L                        | L                      | P                   | L
request never acknowledged, RST                     | reset-before-response                | L     | C stale-keepalive{reset} | L                      | P                   | L
request never acknowledged, FIN                     | close-before-response                | L     | C stale-keepalive{eof}   | L                      | P                   | L
FIN before the request, then RST                    | close-before-response                | L     | C stale-keepalive{eof}   | L                      | P                   | L
half a request, RST                                 | reset-during-request                 | L     | L                        | L                      | P                   | L
half a request, FIN                                 | close-before-response                | L     | P                        | L                      | P                   | L
60 octets of a header, RST                          | reset-in-header                      | C     | C                        | L                      | P                   | L
60 octets of a header, FIN                          | close-in-header                      | C     | C                        | L                      | P                   | L
5000 octets of a header, FIN                        | close-in-header                      | L     | L                        | L                      | P                   | L
FastCGI stderr only, RST                            | reset-in-header                      | C     | C                        | L                      | P                   | L
a 413 while the request flows, RST                  | early-response-lost                  | C     | C                        | L                      | P                   | L
a 413 before the end of the request, RST            | early-response-lost                  | C     | C                        | L                      | P                   | L
no acknowledgement, 6 retransmissions               | transport-timeout                    | L     | L                        | L                      | P                   | L
4096 octets of a header, RST from the gateway       | header-too-big                       | C     | C                        | L                      | P                   | L
5000 octets of a header, FIN, RST from the gateway  | header-too-big                       | L     | L                        | L                      | P                   | L
a whole header of 6 kB, then 502                    | header-too-big                       | L     | L                        | L                      | P                   | L
a header without end, beyond our limit              | header-too-big                       | C     | C                        | L                      | P                   | L
a control octet in a field name                     | header-invalid                       | C     | C                        | L                      | P                   | L
a control octet in a field name, FIN                | header-invalid                       | C     | C                        | L                      | P                   | L
no status line, then 502                            | header-invalid                       | P     | P                        | P                      | P                   | P
Content-Length twice                                | header-conflict{dup}                 | C     | C                        | L                      | P                   | L
Content-Length and Transfer-Encoding                | header-conflict{cl-te}               | C     | C                        | L                      | P                   | L
a bad Content-Length                                | header-conflict{bad-cl}              | C     | C                        | L                      | P                   | L
an unknown Transfer-Encoding                        | header-conflict{bad-te}              | C     | C                        | L                      | P                   | L
Content-Length twice, header cut by FIN             | header-conflict{dup}                 | L     | L                        | L                      | P                   | L
Status: abc                                         | status-invalid                       | C     | C                        | L                      | P                   | L
103 in HTTP/1.0                                     | early-hints-invalid                  | C     | C                        | L                      | P                   | L
FastCGI request, HTTP answer                        | protocol-mismatch{fcgi<-http}        | C     | C                        | L                      | P                   | L
FastCGI request, TLS alert                          | protocol-mismatch{fcgi<-tls}         | C     | C                        | L                      | P                   | L
FastCGI request, version 7                          | protocol-mismatch                    | L     | L                        | L                      | P                   | L
HTTP/2 request, HTTP/1 answer                       | protocol-mismatch{h2<-http1}         | C     | C                        | L                      | P                   | L
HTTP/2 request, TLS alert                           | protocol-mismatch{h2<-tls}           | C     | C                        | L                      | P                   | L
HTTP request, FastCGI answer, then 502              | protocol-mismatch{fcgi-server<-http} | C     | C                        | L                      | P                   | L
FCGI_END_REQUEST before a header                    | fastcgi-no-headers{end-request}      | C     | C                        | L                      | P                   | L
empty FCGI_STDOUT before a header                   | fastcgi-no-headers{empty-stdout}     | C     | C                        | L                      | P                   | L
FastCGI record of type 99                           | fastcgi-record-invalid               | C     | C                        | L                      | P                   | L
FastCGI record of another request                   | fastcgi-record-invalid               | C     | C                        | L                      | P                   | L
memcached answers SERVER_ERROR                      | memcached-invalid                    | C     | C                        | L                      | P                   | L
memcached answers for another key                   | memcached-invalid                    | C     | C                        | L                      | P                   | L
FastCGI 200 with stderr, then 502                   | fastcgi-stderr-caught                | P     | P                        | P                      | P                   | P
GOAWAY, no stream taken                             | h2-goaway{NO_ERROR}                  | C     | C                        | L                      | P                   | L
GOAWAY, some streams taken                          | h2-goaway{ENHANCE_YOUR_CALM}         | L     | L                        | L                      | P                   | L
RST_STREAM 7                                        | h2-stream-reset{REFUSED_STREAM}      | C     | C                        | L                      | P                   | L
HTTP/2 response begun, the gateway leaves at once   | h2-protocol-error                    | L     | L                        | L                      | P                   | L
HTTP/2 200, the gateway leaves at once, then 502    | h2-protocol-error                    | P     | P                        | P                      | P                   | P
a forbidden HTTP/2 frame                            | h2-protocol-error                    | C     | C                        | L                      | P                   | L
the peer answers 502, the same to the client        | upstream-502                         | C     | C                        | L                      | P                   | L
the peer answers 502, another page to the client    | upstream-502-intercepted             | C     | C                        | L                      | P                   | L
the peer answers 502, which cannot be compared      | upstream-502                         | L     | L                        | L                      | P                   | L
the peer answers 200, then 502                      | unknown{no-evidence}                 | P     | P                        | P unknown{capture-gap} | P unknown{unlinked} | P
the gateway leaves in silence, then 502             | unknown{no-evidence}                 | P     | P                        | P unknown{capture-gap} | P unknown{unlinked} | P
nothing ends, then 502                              | unknown{no-evidence}                 | P     | P                        | P unknown{capture-gap} | P unknown{unlinked} | P
the gateway leaves in silence, then 504             | proxy-read-timeout                   | L     | L                        | L                      | P                   | L
half a request, zero window, then 504               | proxy-send-timeout                   | L     | L                        | L                      | P                   | L
ClientHello, silence, then 504                      | proxy-connect-timeout                | L     | -                        | L                      | P                   | L
the client leaves, then the gateway                 | client-aborted                       | L     | L                        | L                      | P                   | L
no status line, octets passed on                    | not-http                             | L     | L                        | L                      | P                   | L
a 200 cut in its body                               | body-truncated                       | C     | C                        | L                      | P                   | L
`;

interface Cell {
  readonly name: string;
  readonly column: Column;
  readonly said: string;
}

const ROWS = TABLE.trim()
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()));
const SITUATION: Readonly<Record<string, Situation>> = SITUATIONS;

function cells(): readonly Cell[] {
  const [, ...rows] = ROWS;
  return rows.flatMap(([name = '', cause = '', ...sure]) =>
    (Object.keys(COLUMNS) as Column[]).flatMap((column, index) => {
      const cell = sure[index] ?? '';
      if (cell === '-') return [];
      return [{ name, column, said: cell.includes(' ') ? cell : `${cell} ${cause}` }];
    }),
  );
}

function saidOf(name: string, column: Column): string {
  const { confidence, cause, subcause } = judge(incidentOf(SITUATION[name] ?? {}, column)).finding;
  return `${confidence.charAt(0).toUpperCase()} ${cause}${subcause === '' ? '' : `{${subcause}}`}`;
}

describe('the 502 matrix', () => {
  test.each(cells())('$name, $column: $said', ({ name, column, said }) => {
    expect(SITUATION[name]).toBeDefined();
    expect(saidOf(name, column)).toBe(said);
  });

  test('has a row for every situation, and its columns in order', () => {
    const [head = [], ...rows] = ROWS;
    expect(rows.map(([name]) => name).sort()).toEqual(Object.keys(SITUATIONS).sort());
    expect(head.slice(2)).toEqual(Object.keys(COLUMNS));
    expect(CONFIDENCES.map((confidence) => confidence.charAt(0))).toEqual(['p', 'l', 'c']);
  });
});

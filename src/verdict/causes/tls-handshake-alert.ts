import type { TlsAlert } from '../../model/message.ts';
import type { CauseFile, Judgement } from '../cause-file.ts';
import { tlsAlertName } from '../code-names.ts';
import { beginning } from '../story.ts';
import { gatewayAlerts, peerAlerts, type Wire } from '../wire-facts.ts';
import { packet, relative } from '../words.ts';

/** close_notify says goodbye, not no (RFC 8446 6.1). */
const CLOSE_NOTIFY = 0;

const ADVICE: Readonly<Record<number, string>> = {
  40: 'No common cipher or version, or no certificate for that name: set proxy_ssl_server_name on; compare proxy_ssl_protocols and proxy_ssl_ciphers.',
  70: 'The peer wants another TLS version: set proxy_ssl_protocols (for example TLSv1.2 TLSv1.3).',
  80: 'The peer failed inside: its log says why.',
  112: 'The peer knows no such server name: set proxy_ssl_server_name on, and proxy_ssl_name to one that it serves.',
  116: 'The peer wants a client certificate: set proxy_ssl_certificate and proxy_ssl_certificate_key.',
};

export const tlsHandshakeAlert: CauseFile = {
  cause: 'tls-handshake-alert',
  section: 'TLS to the upstream',
  title: 'The peer refused the TLS handshake with an alert',
  meaning: 'The peer answered the handshake with a TLS alert. The subcause is its number (RFC 8446 6).',
  recognised: {
    packets: 'ClientHello, then an alert record (0x15) of the peer that can be read',
    kernel: 'read() returns octets that begin with 15 03',
    log: 'SSL_do_handshake() failed (... SSL alert number N) while SSL handshaking to upstream',
  },
  roots: [
    'no common version or cipher',
    'proxy_ssl_server_name is off (the default), so no SNI is sent',
    'a client certificate is wanted',
  ],
  remedies: [
    'Look the number up, then try by hand: openssl s_client -connect PEER -servername NAME.',
    'proxy_ssl_server_name on; and proxy_ssl_name where the name differs from the host in proxy_pass.',
  ],
  elsewhere: { haproxy: '503 SC', envoy: '503 UF' },
  log: /SSL_do_handshake\(\) failed .*SSL alert number (?<alert>\d+)/,
  judge,
};

function judge(wire: Wire): Judgement | undefined {
  const { tls } = wire.exchange;
  const theirs = peerAlerts(wire).find(isRefusal);
  const alert = theirs ?? gatewayAlerts(wire).find(isRefusal);
  if (!tls || !alert || (tls.applicationData && tls.applicationData.frame < alert.moment.frame)) return undefined;
  const name = `alert ${alert.description} (${tlsAlertName(alert.description)})`;
  const advice = theirs && ADVICE[alert.description];
  const when = tls.clientHello ? ` ${relative(alert.moment, tls.clientHello, 'the ClientHello')}` : '';
  return {
    subcause: String(alert.description),
    confidence: theirs ? 'certain' : 'likely',
    sentence: theirs
      ? `${wire.peer} refused the TLS handshake with ${name}.`
      : `The gateway itself broke off the TLS handshake with ${wire.peer}, with ${name}.`,
    evidence: [
      ...beginning(wire),
      ...(tls.clientHello ? [packet(tls.clientHello, hello(tls.serverName))] : []),
      packet(alert.moment, `TLS ${name} from the ${theirs ? 'peer' : 'gateway'}${when}`),
    ],
    ...(advice !== undefined && { advice: [advice] }),
  };
}

function isRefusal({ description }: TlsAlert): boolean {
  return description > CLOSE_NOTIFY;
}

function hello(serverName: string): string {
  return serverName === '' ? 'ClientHello without a server name (SNI)' : 'ClientHello with a server name (SNI)';
}

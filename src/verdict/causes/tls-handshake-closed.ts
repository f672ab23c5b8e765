import type { CauseFile, Judgement } from '../cause-file.ts';
import { beginning, foreignRst, processUnseen } from '../story.ts';
import type { Wire } from '../wire-facts.ts';
import { packet, relative } from '../words.ts';

export const tlsHandshakeClosed: CauseFile = {
  cause: 'tls-handshake-closed',
  section: 'TLS to the upstream',
  title: 'The peer closed during the TLS handshake',
  meaning: 'After the ClientHello the peer closed or reset the connection without an alert.',
  recognised: {
    packets: 'ClientHello, then FIN or RST of the peer before the handshake is over',
    kernel: 'read() returns 0 or -104 during the handshake',
    log: 'peer closed connection in SSL handshake [(104: Connection reset by peer)] while SSL handshaking to upstream',
  },
  subcauses: { fin: 'closed with FIN', reset: 'closed with RST' },
  roots: [
    'a server or middlebox that drops unknown server names (SNI)',
    'a port that speaks no TLS',
    'the peer crashed',
  ],
  remedies: [
    'openssl s_client -connect PEER -servername NAME, with the same name and without one.',
    'Set proxy_ssl_server_name on, and proxy_ssl_name to a name that it serves.',
  ],
  elsewhere: { haproxy: '503 SC', envoy: '503 UF' },
  log: /^peer closed connection in SSL handshake(?: \((?<e>\d+):)?/,
  judge,
};

function judge(wire: Wire): Judgement | undefined {
  const { tls } = wire.exchange;
  const { close } = wire;
  if (!wire.encrypted || !tls?.clientHello || tls.applicationData || !close) return undefined;
  const flag = close.rst ? 'RST' : 'FIN';
  return {
    subcause: close.rst ? 'reset' : 'fin',
    confidence: 'certain',
    sentence: `${wire.peer} ${close.rst ? 'reset' : 'closed'} the connection during the TLS handshake, without an alert.`,
    evidence: [
      ...beginning(wire),
      packet(tls.clientHello, 'ClientHello'),
      packet(
        close,
        `${flag} from the peer ${relative(close, tls.clientHello, 'the ClientHello')}${tls.serverHello ? '' : '; no ServerHello'}`,
      ),
    ],
    unseen: [...foreignRst(wire), ...processUnseen(wire)],
  };
}

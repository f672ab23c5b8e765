import type { CauseFile, Judgement } from '../cause-file.ts';
import { tlsAlertName } from '../code-names.ts';
import { beginning } from '../story.ts';
import { peerAlerts, type Wire } from '../wire-facts.ts';
import { packet, relative } from '../words.ts';

/** The alert answers the handshake, not the request, if it comes within a round trip of the request (and a half for the work). */
const ROUND_TRIPS = 1.5;

export const tlsAlertAfterHandshake: CauseFile = {
  cause: 'tls-alert-after-handshake',
  section: 'TLS to the upstream',
  title: 'The peer sent a TLS alert instead of a response',
  meaning:
    'In TLS 1.3 the peer checks a client certificate only after the gateway has sent its request. Its refusal is an alert, mostly encrypted.',
  recognised: {
    packets: 'application data of the gateway, then an alert and FIN of the peer; what the alert says is encrypted',
    kernel: 'read() returns one short record, then 0',
    log: 'SSL_read() failed (... SSL alert number N) while reading response header from upstream',
  },
  roots: ['a client certificate is required (116)', 'the client certificate is bad or expired (42, 45)'],
  remedies: [
    'Set proxy_ssl_certificate and proxy_ssl_certificate_key to a certificate that the peer accepts.',
    'openssl s_client -connect PEER -cert FILE -key FILE shows the alert in clear.',
  ],
  elsewhere: { haproxy: '502 SH', envoy: '503 UC' },
  log: /^SSL_read\(\) failed .*alert number (?<alert>\d+)/,
  judge,
};

function judge(wire: Wire): Judgement | undefined {
  const { tls } = wire.exchange;
  const alert = peerAlerts(wire)[0];
  if (!wire.encrypted || !tls?.serverHello || !alert || alert.description === 0 || tls.answer) return undefined;
  const asked = tls.applicationData;
  const readable = alert.description > 0;
  // A goodbye is an alert as well: later than that it is one, and close-before-response.
  if (!readable && asked && alert.moment.at - asked.at > ROUND_TRIPS * (wire.rtt ?? 0)) return undefined;
  const words = readable ? `alert ${alert.description} (${tlsAlertName(alert.description)})` : 'an encrypted alert';
  return {
    subcause: readable ? String(alert.description) : '',
    confidence: readable ? 'certain' : 'likely',
    sentence: `${wire.peer} answered with ${words} instead of a response${readable ? '' : '; most often it wants a client certificate'}.`,
    evidence: [
      ...beginning(wire),
      ...(asked ? [packet(asked, 'first octets of the request')] : []),
      packet(alert.moment, `${words} from the peer${asked ? ` ${relative(alert.moment, asked, 'the request')}` : ''}`),
    ],
    ...(!readable && {
      alternatives: [
        {
          cause: 'close-before-response',
          why: 'the alert may be a mere close_notify: a goodbye without a response',
        } as const,
      ],
      unseen: ['what the alert says: it is encrypted; the error log of the gateway names its number'],
    }),
  };
}

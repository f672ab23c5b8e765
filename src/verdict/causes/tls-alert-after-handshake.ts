import { MILLISECOND } from '../../model/time.ts';
import type { CauseFile, Judgement } from '../cause-file.ts';
import { tlsAlertName } from '../code-names.ts';
import { beginning } from '../story.ts';
import { peerAlerts, type Wire } from '../wire-facts.ts';
import { packet, relative } from '../words.ts';

/** A server checks the client's certificate as soon as its handshake ends; later alerts are rather goodbyes. */
const CERTIFICATE_CHECK = 50 * MILLISECOND;

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
  const since = tls?.applicationData;
  if (!wire.encrypted || !alert || !since || alert.moment.frame < since.frame) return undefined;
  const readable = alert.description > 0;
  const soon = alert.moment.at - since.at <= CERTIFICATE_CHECK;
  const words = readable ? `alert ${alert.description} (${tlsAlertName(alert.description)})` : 'an encrypted alert';
  return {
    subcause: readable ? String(alert.description) : '',
    confidence: readable ? 'certain' : soon ? 'likely' : 'possible',
    sentence: `${wire.peer} answered with ${words} instead of a response${readable ? '' : '; most often it wants a client certificate'}.`,
    evidence: [
      ...beginning(wire),
      packet(since, 'first application data'),
      packet(alert.moment, `${words} from the peer ${relative(alert.moment, since, 'the first application data')}`),
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

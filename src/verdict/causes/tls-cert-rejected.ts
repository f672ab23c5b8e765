import type { Moment } from '../../model/time.ts';
import type { CauseFile, Judgement } from '../cause-file.ts';
import { tlsAlertName } from '../code-names.ts';
import { beginning } from '../story.ts';
import { gatewayAlerts, type Wire } from '../wire-facts.ts';
import { packet, relative } from '../words.ts';

/** Alerts about the other side's certificate (RFC 8446 6.2: bad_certificate to certificate_unknown, unknown_ca). */
const ABOUT_CERTIFICATES: ReadonlySet<number> = new Set([42, 43, 44, 45, 46, 48]);
export const tlsCertRejected: CauseFile = {
  cause: 'tls-cert-rejected',
  section: 'TLS to the upstream',
  title: "The gateway rejected the peer's certificate",
  meaning:
    'The handshake went through, then the gateway itself left, since the certificate did not verify or names another host.',
  recognised: {
    packets: 'a whole handshake, then the gateway closes at once without sending a request',
    kernel: 'the gateway writes an alert and closes after the last octets of the handshake',
    log: 'upstream SSL certificate verify error: (N:TEXT), or: upstream SSL certificate does not match "NAME"',
  },
  subcauses: {
    'verify:N': 'verification failed with error N (the log names it)',
    name: 'the certificate names another host',
  },
  roots: [
    'the certificate expired',
    'its issuer is not in proxy_ssl_trusted_certificate',
    'proxy_ssl_name differs from the names in it',
  ],
  remedies: [
    'openssl s_client -connect PEER -servername NAME -verify_hostname NAME: read "Verify return code".',
    'Renew it, add its issuer to proxy_ssl_trusted_certificate, or set proxy_ssl_name to a name that it holds.',
  ],
  elsewhere: { haproxy: '503 SC', envoy: '503 UF' },
  log: /^upstream SSL certificate (verify error: \((?<n>\d+):|does not match )/,
  judge,
};

function judge(wire: Wire): Judgement | undefined {
  const { tls } = wire.exchange;
  if (!tls) return undefined;
  const alert = gatewayAlerts(wire).find((candidate) => ABOUT_CERTIFICATES.has(candidate.description));
  if (alert) {
    const said = `alert ${alert.description} (${tlsAlertName(alert.description)})`;
    return {
      confidence: 'certain',
      sentence: `The gateway rejected the certificate of ${wire.peer} with ${said}.`,
      evidence: [...beginning(wire), packet(alert.moment, `TLS ${said} from the gateway`)],
    };
  }
  const left = gatewayLeft(wire);
  if (!wire.encrypted || !tls.serverHello || tls.applicationData || !left) return undefined;
  return {
    confidence: 'likely',
    sentence: `The gateway left ${wire.peer} after the TLS handshake without sending a request: it did not accept the peer's certificate.`,
    evidence: [
      ...beginning(wire),
      packet(tls.serverHello, 'ServerHello'),
      packet(left, `the gateway says goodbye ${relative(left, tls.serverHello, 'the ServerHello')}, no request`),
    ],
    unseen: ['what is wrong with the certificate: the error log of the gateway says it'],
  };
}

/** The gateway's goodbye, if it came before the peer's close. */
function gatewayLeft(wire: Wire): Moment | undefined {
  const { close } = wire;
  const alert = gatewayAlerts(wire)[0];
  if (alert && alert.description <= 0 && !(close && close.frame < alert.moment.frame)) return alert.moment;
  return wire.gatewayClose;
}

/**
 * Where our verdicts are known to differ from nginx's log. The list may only shrink: an entry that is no longer needed
 * fails captures.test.ts. None of them may be `certain`.
 */
export interface Disagreement {
  readonly why: string;
  /** `COMPLAINT METHOD TARGET`, complaints as the lab's scorer names them. */
  readonly complaints: readonly string[];
}

const gets = (what: string, targets: readonly string[]): string[] => targets.map((target) => `${what} GET ${target}`);

/** By the recording's folder and name. */
export const KNOWN_DISAGREEMENTS: Readonly<Record<string, Disagreement>> = {
  'resolver-failed/resolver-silent': {
    why: 'a resolver that never answers: another attempt fits into the wait',
    complaints: ['cause GET /resolver-silent/item?id=1-0'],
  },
  'stale-keepalive/idle-close': {
    why: 'the machine stood still for 10 ms: the idle FIN came too late after the request to tell that it crossed it',
    complaints: [
      'cause POST /idle-close/checkout?id=1-6',
      'cause POST /idle-close/item?id=1-44',
      'cause POST /idle-close/cart?id=1-48',
    ],
  },
  'tls-alert-after-handshake/tls-client-cert-13': {
    why: 'the encrypted alert crossed the request: it is forgotten when the request is seen',
    complaints: gets('cause', ['/tls-client-cert-13/view?id=1-0', '/tls-client-cert-13/list?id=1-2']),
  },
};

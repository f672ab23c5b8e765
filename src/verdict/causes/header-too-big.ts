import type { CauseFile, Judgement } from '../cause-file.ts';
import { beginning, told } from '../story.ts';
import { type Close, HEAD_BUFFER, headOctetsOf, isHeadOpen, maybeFault, type Wire } from '../wire-facts.ts';
import { octets, packet } from '../words.ts';

export const headerTooBig: CauseFile = {
  cause: 'header-too-big',
  section: 'Response refused by the gateway',
  title: "The response header does not fit the gateway's buffer",
  meaning:
    'The header of the response is larger than *_buffer_size (4k or 8k by default), so the gateway gave the response up. Text that a FastCGI application writes to stderr takes room from the same buffer.',
  recognised: {
    packets:
      'more than 4096 octets without a blank line, or a complete header larger than that; then the gateway closes (RST)',
    kernel: 'recv() returns exactly the size of the buffer, then the gateway closes',
    log: 'upstream sent too big header while reading response header from upstream',
  },
  roots: ['many or large Set-Cookie fields', 'Content-Security-Policy, Link, debug fields', 'PHP warnings on stderr'],
  remedies: [
    'proxy_buffer_size 16k; proxy_buffers 8 16k; proxy_busy_buffers_size 32k; (fastcgi_*, uwsgi_* alike).',
    'Find the largest field and make it smaller: a session does not belong in a cookie.',
  ],
  elsewhere: { haproxy: '502 PH', envoy: '502 UPE' },
  log: /^upstream sent too big header/,
  judge,
};

function judge(wire: Wire): Judgement | undefined {
  return judgeEndless(wire) ?? judgeWhole(wire);
}

/** No end of the head within the buffer, and the gateway left (or was left with octets it would not read). */
function judgeEndless(wire: Wire): Judgement | undefined {
  const { gatewayClose, exchange } = wire;
  const fault = maybeFault(wire, 'head-too-big');
  if (!isHeadOpen(wire) || (!fault && wire.responseOctets < HEAD_BUFFER)) return undefined;
  const gatewayRst = gatewayClose ?? rstAfter(wire);
  if (!fault && !gatewayRst) return undefined;
  const moment = gatewayRst ?? fault?.moment ?? exchange.start;
  const proven = gatewayClose !== undefined && wire.status === 502 && wire.last;
  return {
    confidence: proven ? 'certain' : 'likely',
    sentence: `The response header of ${wire.peer} had no end within ${octets(wire.responseOctets)}: the gateway gave it up.`,
    evidence: [
      ...beginning(wire),
      packet(
        moment,
        `${wire.responseOctets} octets without a blank line${gatewayRst ? `, then ${gatewayRst.rst ? 'RST' : 'FIN'} from the gateway` : ''}`,
      ),
      ...told(wire),
    ],
    ...(!proven && {
      alternatives: [
        {
          cause: wire.close?.rst ? 'reset-in-header' : 'close-in-header',
          why: 'the peer may have ended first',
        } as const,
      ],
    }),
    unseen: ["the gateway's buffer size: 4k is assumed"],
  };
}

/** Octets that the gateway would not read make its close a RST, also after the peer's FIN. */
function rstAfter({ exchange: { clientClose }, client }: Wire): Close | undefined {
  if (clientClose?.rst) return clientClose;
  return client.rst ? { at: client.rst.at, frame: client.rst.frame, rst: true } : undefined;
}

/** A complete head that is larger than a buffer, and a 502 all the same. */
function judgeWhole(wire: Wire): Judgement | undefined {
  const { response } = wire.exchange;
  if (!wire.dropped || !response?.head || !wire.requestWhole) return undefined;
  const size = headOctetsOf(response);
  if (size < HEAD_BUFFER) return undefined;
  const largest = response.fields.reduce((a, b) => (b.value.length > a.value.length ? b : a), { name: '', value: '' });
  return {
    confidence: 'likely',
    sentence: `${wire.peer} answered ${response.status} with a header of ${octets(size)}, too large for the gateway's buffer.`,
    evidence: [
      ...beginning(wire),
      packet(
        response.head,
        `header of ${octets(size)}${largest.name === '' ? '' : `; its largest field has ${octets(largest.value.length)}`}`,
      ),
      ...told(wire),
    ],
    alternatives: [{ cause: 'header-invalid', why: 'the gateway may be stricter about some field than we are' }],
    unseen: ["the gateway's buffer size: 4k or 8k are its defaults"],
  };
}

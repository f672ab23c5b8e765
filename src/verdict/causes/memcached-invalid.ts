import type { CauseFile, Judgement } from '../cause-file.ts';
import { beginning, told } from '../story.ts';
import { maybeFault, type Wire } from '../wire-facts.ts';
import { packet, quoted } from '../words.ts';

/** memcached refuses longer keys (KEY_MAX_LENGTH). */
const KEY_OCTETS = 250;

/** What the answer was, by the fault's detail. */
const ANSWERS: Readonly<Record<string, string>> = {
  error: 'answered that it does not know the command',
  'client-error': 'called the request wrong',
  'server-error': 'could not answer',
  key: 'answered for another key than the one asked for',
  length: 'sent a value without a valid length',
  http: 'answered in HTTP',
  redis: 'answered as Redis does',
};

const ADVICE: Readonly<Record<string, string>> = {
  http: 'The port is an HTTP server: use proxy_pass http://PEER instead of memcached_pass.',
  redis: 'The port is Redis, which memcached_pass cannot read: name the port of memcached.',
};

export const memcachedInvalid: CauseFile = {
  cause: 'memcached-invalid',
  section: 'Response refused by the gateway',
  title: 'memcached sent something that nginx cannot read',
  meaning: 'The answer of memcached is an error (ERROR, SERVER_ERROR) or malformed. A missing key is a 404, not this.',
  recognised: {
    packets: 'a get command, then an answer that is neither VALUE (with its key and length) nor END',
    kernel: 'recv() returns such an answer, then the gateway closes',
    log: 'memcached sent invalid response (key, length, flags)',
  },
  roots: ['memcached is out of memory', 'another service listens on the port', 'a key that memcached does not allow'],
  remedies: ['Ask by hand: printf "get KEY\\r\\n" | nc ADDRESS PORT.'],
  log: /^memcached sent invalid/,
  judge,
};

function judge(wire: Wire): Judgement | undefined {
  const fault = maybeFault(wire, 'memcached-reply');
  if (!fault) return undefined;
  const key = wire.exchange.request?.target ?? '';
  const advice = ADVICE[fault.detail];
  return {
    confidence: 'certain',
    sentence: `${wire.peer} ${ANSWERS[fault.detail] ?? 'answered with something else than a value'}: ${quoted(fault.sample)}.`,
    evidence: [
      ...beginning(wire),
      packet(fault.moment, `the answer is neither VALUE nor END: ${quoted(fault.sample)}`),
      ...told(wire),
    ],
    advice: [
      ...(advice ? [advice] : []),
      ...(key.length > KEY_OCTETS
        ? [
            `The key has ${key.length} octets, memcached takes ${KEY_OCTETS}: let memcached_key be a hash or a part of the URI.`,
          ]
        : []),
    ],
  };
}

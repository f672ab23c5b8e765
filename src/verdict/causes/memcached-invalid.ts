import type { CauseFile } from '../cause-file.ts';

export const memcachedInvalid: CauseFile = {
  cause: 'memcached-invalid',
  section: 'Response refused by the gateway',
  title: 'memcached sent something that nginx cannot read',
  meaning: 'The answer of memcached is an error (ERROR, SERVER_ERROR) or malformed. A missing key is a 404, not this.',
  recognised: {
    packets: 'a get command, then an answer that is neither VALUE nor END',
    kernel: 'recv() returns such an answer, then the gateway closes',
    log: 'memcached sent invalid response (key, length, flags)',
  },
  roots: ['memcached is out of memory', 'another service listens on the port', 'a key that memcached does not allow'],
  remedies: ['Ask by hand: printf "get KEY\\r\\n" | nc PEER 11211.'],
  log: /^memcached sent invalid/,
};

import type { CauseFile } from '../cause-file.ts';

export const cached502: CauseFile = {
  cause: 'cached-502',
  section: 'No attempt made',
  title: 'An earlier 502 is served from the cache',
  meaning: 'The gateway stored a 502 and replays it: no peer is asked until the entry expires.',
  recognised: {
    packets: 'a 502 without any upstream packet; the same as every other cause of this family',
    kernel: 'the request is read, at most a cache file is opened, the 502 is written',
    log: 'no error line; in the access log $upstream_cache_status is HIT and $upstream_addr is empty',
  },
  roots: ['proxy_cache_valid any ...', 'proxy_cache_valid 502 ...'],
  remedies: [
    'Name the statuses in *_cache_valid (200 301 404) instead of "any", so that a 502 is never stored.',
    'Purge the entry, then find the first 502: that one has the true cause.',
  ],
};

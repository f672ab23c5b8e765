import type { CauseFile } from '../cause-file.ts';

export const masked502: CauseFile = {
  cause: 'masked-502',
  section: 'Neighbours: not a 502',
  title: 'A 502 was hidden from the client',
  meaning:
    'The request failed, but error_page, or a stale entry of the cache (proxy_cache_use_stale), gave the client something else than a 502.',
  recognised: {
    packets: 'every attempt failed, and the client got another status',
    kernel: 'the verdict on the last socket, then another status is written',
    log: 'the line of the failed attempt; $upstream_status is 502, $status is not',
  },
  roots: ['error_page 502 =200, =503 or a redirect', 'proxy_cache_use_stale error timeout'],
  remedies: ['Look at the cause of the failed attempt: it is real, although nobody sees it.'],
};

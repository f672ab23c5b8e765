/** The one list of protocols. Where octets fit several and no more will come, the one that stands earlier wins. */
import { fastcgi } from './fastcgi/fastcgi.ts';
import { http1 } from './http1/http1.ts';
import { http2 } from './http2/http2.ts';
import { memcached } from './memcached/memcached.ts';
import type { Protocol } from './protocol.ts';
import { scgi } from './scgi/scgi.ts';
import { tls } from './tls/tls.ts';
import { uwsgi } from './uwsgi/uwsgi.ts';

export const PROTOCOLS: readonly Protocol[] = [http1, http2, tls, fastcgi, uwsgi, scgi, memcached];

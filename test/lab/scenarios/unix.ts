/** Unix-socket upstreams that fail: packets show a request, a 502, and nothing between. */
import * as fastcgi from '../peers/fastcgi.ts';
import * as framing from '../peers/framing.ts';
import { BIG_HEAD, INVALID_HEADER, OWN_502, PARTIAL_HEAD } from '../peers/http.ts';
import { after, close, fin, onAccept, onRequest, say, unix, unixFile } from '../peers/peer.ts';
import { FASTCGI_PARAMS } from '../programs/params.ts';
import { phpPass, phpSocket } from '../programs/php.ts';
import type { Places, Scenario } from '../scenario.ts';

const pass = (at: Places) => `proxy_pass http://${at.peer('a')};`;

function scenario(name: string, about: string, peer: ReturnType<typeof unix>, weight = 0.7): Scenario {
  return { name: `unix-${name}`, about, upstream: 'unix', peers: { a: peer }, location: pass, load: { weight } };
}

export const UNIX: readonly Scenario[] = [
  scenario('missing', 'No such socket file.', unixFile('missing'), 1),
  scenario('stale', 'A socket file that nobody listens on.', unixFile('stale')),
  scenario('denied', "A socket file that nginx's user may not open.", {
    ...unix(onAccept(close)),
    file: 'denied',
  }),
  scenario('reset', 'The peer closes with the request unread.', unix(onAccept(after(2, close)))),
  scenario('fin', 'The peer reads the request and closes.', unix(onRequest(framing.http, fin))),
  scenario(
    'in-header',
    'The peer closes in the middle of its header.',
    unix(onRequest(framing.http, say(PARTIAL_HEAD, fin))),
  ),
  scenario('own-502', "The peer's own 502.", unix(onRequest(framing.http, say(OWN_502, fin)))),
  scenario('big-header', "A header that is larger than nginx's buffer.", unix(onRequest(framing.http, say(BIG_HEAD)))),
  scenario('invalid-header', 'A control octet in a field name.', unix(onRequest(framing.http, say(INVALID_HEADER)))),
  {
    ...scenario(
      'fastcgi',
      'END_REQUEST before any output.',
      unix(onRequest(framing.fastcgi, say(fastcgi.END_FIRST, fin))),
    ),
    location: (at) => `${FASTCGI_PARAMS} fastcgi_pass ${at.peer('a')};`,
  },
  {
    ...scenario('backlog', 'A listener that accepts nobody: once its queue is full, EAGAIN.', unixFile('backlog')),
    location: (at) => `${pass(at)} proxy_read_timeout 300ms;`,
    load: { slow: 8 },
  },
  {
    name: 'unix-php-kill',
    about: 'A php-fpm worker behind a unix socket kills itself.',
    subcause: 'worker-killed',
    upstream: 'unix',
    location: (at) => phpPass(at.dir, `unix:${phpSocket(at.dir, 'kill')}`),
    load: { words: ['kill'], weight: 0.7 },
  },
];

/** FastCGI, uwsgi, SCGI and memcached peers that fail. */
import * as fastcgi from '../peers/fastcgi.ts';
import * as framing from '../peers/framing.ts';
import * as http from '../peers/http.ts';
import { type Act, after, fin, onAccept, onRequest, reset, say, tcp } from '../peers/peer.ts';
import {
  authority,
  FPM_DISALLOWED_PORT,
  FPM_FULL_PORT,
  FPM_KILL_PORT,
  FPM_OOM_PORT,
  FPM_PORT,
  FPM_RELOAD_PORT,
  FPM_SLOW_PORT,
  FPM_STOP_PORT,
  GUNICORN_PORT,
  UWSGI_KILL_PORT,
  UWSGI_PORT,
} from '../places.ts';
import { FASTCGI_PARAMS, SCGI_PARAMS, UWSGI_PARAMS } from '../programs/params.ts';
import { phpPass } from '../programs/php.ts';
import { fullSocket } from '../programs/services.ts';
import type { Places, Scenario } from '../scenario.ts';

/** A scripted FastCGI peer that reads the whole request, then acts. */
function fastcgiPeer(name: string, about: string, act: Act, more: Partial<Scenario> = {}): Scenario {
  return {
    name,
    about,
    upstream: 'tcp',
    peers: { a: tcp(onRequest(framing.fastcgi, act)) },
    location: (at) => `${FASTCGI_PARAMS} fastcgi_pass ${at.peer('a')};`,
    load: { weight: 0.5 },
    ...more,
  };
}

/** A script of the real php-fpm. */
function php(
  name: string,
  about: string,
  script: string,
  port: number,
  load: Scenario['load'] = {},
  subcause?: string,
): Scenario {
  return {
    name,
    about,
    upstream: 'tcp',
    location: (at) => phpPass(at.dir, authority('127.0.0.1', port)),
    load: { ...load, words: [script] },
    ...(subcause !== undefined && { subcause }),
  };
}

/** A reset by an FPM worker that could not parse the request looks like any other reset. */
const OR_MISMATCH = {
  'reset-before-response': ['protocol-mismatch'],
  'close-before-response': ['protocol-mismatch'],
} as const;

/** What befalls a whole service, which is started for runs that name it. */
const OF_SERVICES: readonly Scenario[] = [
  php('php-oom', 'The OOM killer takes a php-fpm worker.', 'oom', FPM_OOM_PORT, { slow: 4 }, 'worker-killed'),
  php(
    'php-stop',
    'php-fpm is told to stop with a request in flight and others in its queue, and is started again.',
    'stop',
    FPM_STOP_PORT,
    { slow: 8, methods: ['GET'] },
  ),
  php(
    'php-reload',
    'php-fpm is told to reload with a request in flight and others in its queue, which stays: each is answered by the next one.',
    'reload',
    FPM_RELOAD_PORT,
    { slow: 6, methods: ['GET'] },
    'service-stopping',
  ),
  {
    name: 'gunicorn-timeout',
    about: 'The master of gunicorn aborts a worker after --timeout: FIN.',
    subcause: 'worker-timeout-kill',
    upstream: 'tcp',
    location: () => `proxy_pass http://${authority('127.0.0.1', GUNICORN_PORT)};`,
    load: { slow: 5, words: ['hang'] },
  },
  php(
    'php-full',
    'All workers are busy and the listen queue is full: the SYN is not answered, and the kernel gives up.',
    'hold',
    FPM_FULL_PORT,
    { slow: 8 },
  ),
  {
    name: 'php-full-unix',
    about: 'The same on a unix socket: connect() fails at once.',
    upstream: 'unix',
    location: (at: Places) => phpPass(at.dir, `unix:${fullSocket(at.dir)}`),
    load: { slow: 8, words: ['hold'] },
  },
];

export const FASTCGI: readonly Scenario[] = [
  ...OF_SERVICES.map((scenario) => ({ ...scenario, optional: true })),
  php(
    'php-kill',
    'A php-fpm worker kills itself in the middle of a request: RST.',
    'kill',
    FPM_KILL_PORT,
    {},
    'worker-killed',
  ),
  php('php-segfault', 'A php-fpm worker dies of SIGSEGV.', 'segfault', FPM_KILL_PORT, { weight: 0.5 }, 'worker-killed'),
  php(
    'php-timeout',
    'php-fpm kills a worker after request_terminate_timeout.',
    'slow',
    FPM_SLOW_PORT,
    { slow: 8 },
    'worker-timeout-kill',
  ),
  php(
    'php-disallowed',
    'listen.allowed_clients does not name the gateway: a worker accepts, and closes with the request unread.',
    'ok',
    FPM_DISALLOWED_PORT,
    { weight: 0.5 },
    'closed-unread',
  ),
  php('php-big-header', "A header of 20 kB from PHP, larger than nginx's buffer.", 'bigheader', FPM_PORT),
  php('php-silent', 'A script that exits without output: a valid, empty 200.', 'silent', FPM_PORT, { weight: 0.3 }),
  php('php-memory', 'A script over its memory limit: 500, not 502.', 'memory', FPM_PORT, { weight: 0.3 }),
  php('php-missing', 'No such script: 404, not 502.', 'nothere', FPM_PORT, { weight: 0.3 }),
  php('php-stderr', 'A script that logs to stderr and answers: 200.', 'stderr', FPM_PORT, { weight: 0.3 }),
  php('php-own-502', "A script's own 502, as a CGI status.", 'own502', FPM_PORT, { weight: 0.6 }),
  {
    name: 'php-by-http',
    about: 'proxy_pass to a FastCGI port: FPM closes with the request unread.',
    subcause: 'closed-unread',
    upstream: 'tcp',
    location: () => `proxy_pass http://${authority('127.0.0.1', FPM_PORT)};`,
    load: { weight: 0.5 },
    acceptable: OR_MISMATCH,
  },
  fastcgiPeer('fastcgi-http', 'An HTTP server on the FastCGI port.', say(http.OK, fin)),
  fastcgiPeer(
    'fastcgi-tls',
    'A TLS alert on the FastCGI port.',
    say(Buffer.from([0x15, 3, 3, 0, 2, 2, 40, 0, 0, 0]), fin),
  ),
  fastcgiPeer('fastcgi-version', 'A record of version 7.', say(fastcgi.BAD_VERSION, fin), {
    acceptable: { 'protocol-mismatch': ['fastcgi-record-invalid'] },
  }),
  fastcgiPeer('fastcgi-type', 'A record of an unknown type.', say(fastcgi.BAD_TYPE, fin)),
  fastcgiPeer('fastcgi-id', 'A record of another request id.', say(fastcgi.BAD_ID, fin)),
  fastcgiPeer('fastcgi-end-first', 'END_REQUEST before any output.', say(fastcgi.END_FIRST, fin)),
  fastcgiPeer('fastcgi-overloaded', 'END_REQUEST with protocolStatus OVERLOADED.', say(fastcgi.OVERLOADED, fin)),
  fastcgiPeer('fastcgi-empty', 'An empty STDOUT record first.', say(fastcgi.EMPTY_STDOUT, fin)),
  fastcgiPeer('fastcgi-status', 'A Status field that is no number.', say(fastcgi.INVALID_STATUS, fin)),
  fastcgiPeer('fastcgi-invalid-header', 'A control octet in a field name.', say(fastcgi.INVALID_HEADER, fin)),
  fastcgiPeer('fastcgi-stderr-end', 'Only STDERR, then END_REQUEST.', say(fastcgi.STDERR_THEN_END, fin)),
  fastcgiPeer('fastcgi-stderr-close', 'Only STDERR, then FIN.', say(fastcgi.STDERR_ONLY, after(1, fin))),
  fastcgiPeer('fastcgi-caught', 'fastcgi_catch_stderr matches what the peer wrote.', say(fastcgi.STDERR_THEN_OK, fin), {
    location: (at) => `${FASTCGI_PARAMS} fastcgi_pass ${at.peer('a')}; fastcgi_catch_stderr "fatal";`,
  }),
  fastcgiPeer('fastcgi-cut', 'The record is cut in the header, then FIN.', say(fastcgi.CUT_IN_HEADER, fin)),
  fastcgiPeer(
    'fastcgi-cut-rst',
    'The record is cut in the header, then RST.',
    say(fastcgi.CUT_IN_HEADER, after(2, reset)),
  ),
  fastcgiPeer('fastcgi-big-header', 'A header of 9 kB in one record.', say(fastcgi.BIG_HEAD)),
  fastcgiPeer('fastcgi-fin', 'FIN after the request.', fin),
  fastcgiPeer('fastcgi-rst', 'RST after the request.', reset),
  fastcgiPeer('fastcgi-own-502', "A FastCGI peer's own 502.", say(fastcgi.OWN_502, fin)),
  {
    name: 'uwsgi-fin',
    about: 'A uwsgi peer that closes as soon as it accepts.',
    upstream: 'tcp',
    peers: { a: tcp(onAccept(fin)) },
    location: (at) => `${UWSGI_PARAMS} uwsgi_pass ${at.peer('a')};`,
  },
  {
    name: 'uwsgi-rst',
    about: 'A uwsgi peer that resets after the request.',
    upstream: 'tcp',
    peers: { a: tcp(onRequest(framing.uwsgi, reset)) },
    location: (at) => `${UWSGI_PARAMS} uwsgi_pass ${at.peer('a')};`,
    load: { weight: 0.6 },
  },
  {
    name: 'uwsgi-kill',
    about: 'A real uWSGI worker dies after it read the request: FIN.',
    subcause: 'worker-killed',
    upstream: 'tcp',
    location: () => `${UWSGI_PARAMS} uwsgi_pass ${authority('127.0.0.1', UWSGI_KILL_PORT)};`,
    load: { words: ['kill'], slow: 8 },
  },
  {
    name: 'uwsgi-harakiri',
    about: 'A real uWSGI worker is killed by its master after a second.',
    subcause: 'worker-timeout-kill',
    upstream: 'tcp',
    location: () => `${UWSGI_PARAMS} uwsgi_pass ${authority('127.0.0.1', UWSGI_KILL_PORT)};`,
    load: { words: ['hang'], slow: 5 },
  },
  {
    name: 'uwsgi-by-http',
    about: 'proxy_pass to a uwsgi port: uWSGI closes.',
    upstream: 'tcp',
    location: () => `proxy_pass http://${authority('127.0.0.1', UWSGI_PORT)};`,
    load: { weight: 0.5, methods: ['GET'] },
    acceptable: OR_MISMATCH,
  },
  {
    name: 'scgi-fin',
    about: 'An SCGI peer that closes after the request.',
    upstream: 'tcp',
    peers: { a: tcp(onRequest(framing.scgi, fin)) },
    location: (at) => `${SCGI_PARAMS} scgi_pass ${at.peer('a')};`,
    load: { weight: 0.6 },
  },
  {
    name: 'memcached-error',
    about: 'A memcached peer that answers ERROR.',
    upstream: 'tcp',
    peers: { a: tcp(onRequest(framing.line, say('ERROR\r\n'))) },
    location: (at) => `set $memcached_key $uri; memcached_pass ${at.peer('a')};`,
    load: { methods: ['GET'], weight: 0.5 },
  },
];

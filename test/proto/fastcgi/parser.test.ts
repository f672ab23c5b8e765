import { describe, expect, test } from 'vitest';
import { runCases } from '../../kit/cases.ts';
import { fastcgi } from '../../../src/proto/fastcgi/fastcgi.ts';
import {
  type Act,
  client,
  clientFin,
  clientMisses,
  clientRst,
  join,
  lines,
  play,
  server,
  serverFin,
  serverMisses,
  serverRst,
} from '../cgi-talk.ts';
import { begin, endRequest, HEAD, PARAMS, pairs, params, record, request, stderr, stdin, stdout } from './records.ts';

for (const name of ['exchanges', 'faults', 'closes']) runCases(new URL(`./${name}.md`, import.meta.url), [fastcgi]);

const SIZES = [1, 2, 3, 7, 8, 9, 13, 16, 100];

/** What is said, which must not depend on how the octets are split. */
function said(...acts: Act[]): string[] {
  const whole = lines(play(fastcgi, acts));
  for (const size of SIZES) expect(lines(play(fastcgi, acts, size)), `${size} octets at a time`).toEqual(whole);
  return whole;
}

/** The same for a server's octets in answer to a plain request, without what the request says. */
function answered(...acts: Act[]): string[] {
  return said(client(request()), ...acts).slice(2);
}

const HEADED = '2 response-head 200 Content-Type=text/plain';
const FINAL = join(stdout(`${HEAD}ok`), endRequest());

describe('an exchange', () => {
  test('as nginx and PHP-FPM have it', () => {
    const answer = join(stdout(`Status: 404 Not Found\r\n${HEAD}none`, { padding: 3 }), endRequest());
    expect(said(client(request()), server(answer), serverFin)).toEqual([
      '1 request-head GET /checkout?id=7 HTTP/1.1 shop.example (238)',
      '1 request-end 246',
      '2 response-start',
      '2 response-head 404 Status=404 Not Found|Content-Type=text/plain',
      '2 end-request 0 0',
      '2 response-end complete 82 4',
    ]);
  });

  test('the head split over records, with STDERR before, between and after', () => {
    const answer = join(
      stderr('PHP message: one'),
      stdout('Content-Ty', { padding: 6 }),
      stderr('two'),
      stderr(''),
      stdout('pe: text/plain\r\n\r'),
      stdout('\nbody'),
      stderr('three', { padding: 3 }),
      stdout(''),
      stderr(''),
      endRequest({ app: 0x01020304, padding: 8 }),
    );
    expect(answered(server(answer))).toEqual([
      '2 response-start',
      '2 stderr "PHP message: one"',
      '2 stderr "two"',
      HEADED,
      '2 stderr "three"',
      '2 end-request 16909060 0',
      `2 response-end complete ${answer.length - 8} 4`,
    ]);
  });

  test('a body in STDIN ends with the empty record', () => {
    const acts = [client(join(begin(), params(PARAMS))), client(stdin('x'.repeat(1000), { size: 300, padding: 4 }))];
    expect(said(...acts)).toEqual([
      '1 request-head GET /checkout?id=7 HTTP/1.1 shop.example (238)',
      `2 request-end ${238 + 1000 + 4 * 12 + 8}`,
    ]);
  });

  test('two requests one after the other on a kept connection', () => {
    const list = [...PARAMS.filter(([name]) => name !== 'REQUEST_URI'), ['REQUEST_URI', '/second']] as const;
    const both = said(
      client(request({ keepConn: true })),
      server(FINAL),
      client(request({ keepConn: true, params: list })),
      server(FINAL),
    );
    expect(both).toEqual([
      '1 request-head GET /checkout?id=7 HTTP/1.1 shop.example (238)',
      '1 request-end 246',
      '2 response-start',
      HEADED,
      '2 end-request 0 0',
      '2 response-end complete 54 2',
      '3 request-head GET /second HTTP/1.1 shop.example (231)',
      '3 request-end 239',
      '4 response-start',
      '4 response-head 200 Content-Type=text/plain',
      '4 end-request 0 0',
      '4 response-end complete 54 2',
    ]);
  });

  test('requests that are multiplexed keep apart', () => {
    const two = { id: 258 };
    const asked = join(begin(), begin(two), params(PARAMS), params(PARAMS, two), stdin('', two), stdin(''));
    const answer = join(
      stdout('Status: 201\r\n', two),
      stdout(HEAD),
      stdout(`${HEAD}two!`, two),
      stdout('one'),
      endRequest(two),
      endRequest(),
    );
    expect(said(client(asked), server(answer))).toEqual([
      '1 request-head GET /checkout?id=7 HTTP/1.1 shop.example (238)',
      '1 #258 request-head GET /checkout?id=7 HTTP/1.1 shop.example (238)',
      '1 #258 request-end 246',
      '1 request-end 246',
      '2 #258 response-start',
      '2 response-start',
      HEADED,
      '2 #258 response-head 201 Status=201|Content-Type=text/plain',
      '2 #258 end-request 0 0',
      '2 #258 response-end complete 77 4',
      '2 end-request 0 0',
      '2 response-end complete 63 3',
    ]);
  });

  test('a Filter reads DATA after STDIN, an Authorizer neither', () => {
    const filter = join(begin({ role: 3 }), params([]), stdin('in'), record(8, 'data'), record(8));
    expect(said(client(filter))).toEqual(['1 request-head     (24)', '1 request-end 62']);
    expect(said(client(join(begin({ role: 2 }), params([]))))).toEqual(['1 request-head     (24)', '1 request-end 24']);
  });

  test('an answer before the request is complete', () => {
    const acts = [client(join(begin(), params(PARAMS), record(5, 'half'))), server(FINAL), client(record(5))];
    expect(said(...acts).map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
      '1 request-head',
      '2 response-start',
      '2 response-head',
      '2 end-request',
      '2 response-end',
      '3 request-end',
    ]);
  });

  test('management records are neither a request nor a fault', () => {
    const asked = join(
      record(9, pairs([['FCGI_MPXS_CONNS', '']]), { id: 0 }),
      record(200, 'what?', { id: 0 }),
      request(),
    );
    const answer = join(
      record(10, pairs([['FCGI_MPXS_CONNS', '0']]), { id: 0 }),
      record(11, Uint8Array.of(200, 0, 0, 0, 0, 0, 0, 0), { id: 0 }),
      FINAL,
    );
    const all = said(client(asked), server(answer));
    expect(all.filter((line) => line.includes('fault'))).toEqual([]);
    expect(all).toHaveLength(6);
  });

  test('ABORT_REQUEST makes an END_REQUEST without a head right', () => {
    expect(said(client(join(begin(), record(2))), server(endRequest({ app: 1 })))).toEqual([
      '2 request-head     (24)',
      '2 response-start',
      '2 end-request 1 0',
      '2 response-end complete 16 0',
    ]);
  });

  test('the first octet of a record header is the start of the answer', () => {
    const [start] = play(fastcgi, [client(request()), server(FINAL.subarray(0, 1)), server(FINAL.subarray(1))]).slice(
      2,
    );
    expect(start?.moment.frame).toBe(2);
  });
});

describe('the CGI status', () => {
  test('Location without Status is 302', () => {
    expect(answered(server(stdout('Location: /x\r\n\r\n')))[1]).toBe('2 response-head 302 Location=/x');
  });

  test('the application says 502', () => {
    expect(answered(server(stdout('Status: 502 Bad Gateway\r\n\r\n')))[1]).toBe(
      '2 response-head 502 Status=502 Bad Gateway',
    );
  });

  test('a status line is read over, as nginx does', () => {
    expect(answered(server(stdout(`HTTP/1.1 404 Not Found\r\n${HEAD}`)))[1]).toBe(HEADED);
  });
});

describe('what nginx rejects', () => {
  const fault = (...acts: Act[]): string[] => answered(...acts).filter((line) => line.includes(' fault '));

  test.each([
    [
      'another version',
      record(6, HEAD, { version: 7 }),
      'record-version  "\\u0007\\u0006\\u0000\\u0001\\u0000\\u001c\\u0000\\u0000" @0',
    ],
    ['HTTP', 'HTTP/1.1 400 Bad Request\r\nServer: x\r\n', 'other-protocol http "HTTP/1.1 400 Bad Request\\r\\n" @0'],
    [
      'a TLS alert',
      '\x15\x03\x01\x00\x02\x02\x46',
      'other-protocol tls "\\u0015\\u0003\\u0001\\u0000\\u0002\\u0002F" @0',
    ],
    ['a type that is none', record(29, HEAD), 'record-type  "" @0'],
    ['a type of the client', record(1, HEAD), 'record-type  "" @0'],
    ['management that nobody asked for', record(10, '', { id: 0 }), 'record-type  "" @0'],
    ['another request id, low octet', stdout(HEAD, { id: 2 }), 'record-request-id  "" @0'],
    ['another request id, high octet', stdout(HEAD, { id: 257 }), 'record-request-id  "" @0'],
    ['END_REQUEST first', endRequest(), 'record-unexpected end-request "" @0'],
    ['an empty STDOUT first', stdout(''), 'record-unexpected empty-stdout "" @0'],
    ['an empty STDOUT in the head', join(stdout('A: b\r\n'), stdout('')), 'record-unexpected empty-stdout "" @14'],
    ['a control octet in a name', stdout(`X-Bad\x01Name: 1\r\n${HEAD}`), 'header-line  "X-Bad\\u0001" @0'],
    ['a warning before the head', stdout(`A: b\r\nPHP Warning: x\r\n${HEAD}`), 'header-line  "PHP " @6'],
    ['a Status without digits', stdout(`Status: abc\r\n${HEAD}`), 'status  "abc" @41'],
    [
      'two lengths',
      stdout('Content-Length: 1\r\nContent-Length: 1\r\n\r\n'),
      'header-conflict duplicate "Content-Length: 1" @19',
    ],
  ])('%s', (_, octets, expected) => {
    expect(fault(server(octets), clientRst)).toEqual([`2 fault reverse ${expected}`]);
  });

  test('END_REQUEST tells its status, and the fault, and the end', () => {
    expect(answered(server(endRequest({ protocol: 2 })))).toEqual([
      '2 response-start',
      '2 fault reverse record-unexpected end-request "" @0',
      '2 end-request 0 2',
      '2 response-end complete 16 0',
    ]);
  });

  test('a head without end', () => {
    const lines = answered(server(join(stdout('X: y\r\n'.repeat(5000)), stdout('X: y\r\n'.repeat(10_000)))));
    expect(lines).toEqual(['2 response-start', expect.stringMatching('2 fault reverse head-too-big')]);
  });

  test('a stream of another protocol is told when either side closes, however short it was', () => {
    expect(fault(server('HTT'), clientFin)).toEqual(['2 fault reverse record-version  "HTT" @0']);
    expect(fault(server('HTTP/1.1'), serverFin)).toEqual(['2 fault reverse other-protocol http "HTTP/1.1" @0']);
    expect(fault(server('\x15\x03\x01'), serverRst)).toEqual([
      '2 fault reverse other-protocol tls "\\u0015\\u0003\\u0001" @0',
    ]);
  });

  test('after the head a broken record ends the response, since that is no 502', () => {
    expect(answered(server(join(stdout(`${HEAD}ok`), record(29))), clientRst).slice(-2)).toEqual([
      '2 fault reverse record-type  "" @38',
      '2 response-end cut 38 2',
    ]);
  });

  test('nobody waits: no fault', () => {
    expect(said(client(request()), server(join(FINAL, stdout('late'), 'HTTP/1.1 200 OK\r\n')), serverFin)).toHaveLength(
      6,
    );
  });

  test('a client that speaks something else later', () => {
    expect(said(client(join(request(), 'GET / HTTP/1.1\r\n'))).slice(2)).toEqual([
      '1 fault forward record-version  "GET / HT" @246',
    ]);
  });

  test('a client with a record of no request, an unknown type, a wrong BEGIN_REQUEST', () => {
    const bad = join(request(), record(4, 'x', { id: 9 }), record(77), record(1, 'short'), begin({ id: 0 }));
    expect(said(client(bad)).slice(2)).toEqual([
      '1 #9 fault forward record-request-id  "" @246',
      '1 fault forward record-type  "" @255',
      '1 fault forward record-unexpected begin-request "" @263',
      '1 fault forward record-request-id  "" @276',
    ]);
  });
});

describe('an answer that is cut', () => {
  test('before anything: nothing is said of a response', () => {
    expect(answered(serverRst)).toEqual([]);
  });

  test.each([
    ['within a header', stdout(HEAD).subarray(0, 5), [], 'cut 5 0'],
    ['within the head', stdout(HEAD).subarray(0, 20), [], 'cut 20 0'],
    ['within the body', stdout(`${HEAD}abcdef`).subarray(0, 38), [HEADED], 'cut 38 2'],
    ['within STDERR', stderr('PHP Fatal').subarray(0, 11), ['3 stderr "PHP"'], 'cut 11 0'],
    ['after the body, without END_REQUEST', stdout(`${HEAD}ab`), [HEADED], 'cut 38 2'],
    ['after STDOUT ended', join(stdout(`${HEAD}ab`), stdout('')), [HEADED], 'complete 46 2'],
    [
      'after all of Content-Length',
      stdout(`Content-Length: 2\r\n\r\nab`),
      ['2 response-head 200 Content-Length=2'],
      'complete 31 2',
    ],
  ])('%s', (_, octets, between, end) => {
    for (const closing of [serverFin, serverRst, clientRst]) {
      expect(answered(server(octets), closing)).toEqual(['2 response-start', ...between, `3 response-end ${end}`]);
    }
  });

  test('END_REQUEST before all of Content-Length', () => {
    expect(answered(server(join(stdout('Content-Length: 9\r\n\r\nab'), endRequest()))).at(-1)).toBe(
      '2 response-end cut 47 2',
    );
  });

  test('a HEAD request owes no body', () => {
    const list = PARAMS.map(([name, value]) => [name, name === 'REQUEST_METHOD' ? 'HEAD' : value] as const);
    const acts = [client(request({ params: list })), server(join(stdout('Content-Length: 9\r\n\r\n'), endRequest()))];
    expect(said(...acts).at(-1)).toBe('2 response-end complete 45 0');
  });

  test('a request that is cut within PARAMS is told as far as it came', () => {
    for (const closing of [clientFin, clientRst, serverRst]) {
      expect(said(client(request().subarray(0, 100)), closing)).toEqual(['2 request-head GET    (100)']);
    }
  });
});

describe('gaps', () => {
  test('in the body of a request and of an answer are counted', () => {
    const post = join(begin(), params(PARAMS), record(5, 'x'.repeat(500)).subarray(0, 108));
    const answer = stdout(`${HEAD}${'y'.repeat(500)}`);
    expect(
      said(
        client(post),
        clientMisses(400),
        client(record(5)),
        server(answer.subarray(0, 36)),
        serverMisses(500),
        server(endRequest()),
      ),
    ).toEqual([
      '1 request-head GET /checkout?id=7 HTTP/1.1 shop.example (238)',
      '3 request-end 754',
      '4 response-start',
      '4 response-head 200 Content-Type=text/plain',
      '6 end-request 0 0',
      '6 response-end complete 552 500',
    ]);
  });

  test('a snap length within PARAMS leaves the parameters before it, and the end of the request', () => {
    const cut = 160;
    expect(said(client(request().subarray(0, cut)), clientMisses(246 - cut), server(FINAL)).slice(0, 4)).toEqual([
      '2 lost forward 70',
      '2 lost forward 16',
      '2 request-head GET /checkout?id=7 HTTP/1.1  (238)',
      '2 request-end 246',
    ]);
  });

  test('a hole within one value leaves out that parameter alone', () => {
    const octets = request();
    const at = Buffer.from(octets).indexOf('HTTP/1.1');
    const acts = [client(octets.subarray(0, at + 2)), clientMisses(3), client(octets.subarray(at + 5))];
    expect(said(...acts)).toEqual([
      '2 lost forward 3',
      '3 request-head GET /checkout?id=7  shop.example (238)',
      '3 request-end 246',
    ]);
  });

  test('within the head of an answer: told if the status was said', () => {
    const answer = stdout(`Status: 503 Busy\r\nX-Long: ${'z'.repeat(80)}\r\n\r\n`);
    const acts = [server(answer.subarray(0, 40)), serverMisses(answer.length - 40), server(endRequest())];
    expect(answered(...acts)).toEqual([
      '2 response-start',
      `3 lost reverse ${answer.length - 40}`,
      '3 response-head 503 Status=503 Busy',
      '4 end-request 0 0',
      `4 response-end complete ${answer.length + 16} 0`,
    ]);
  });

  test('within the head of an answer: no status is made up', () => {
    const answer = stdout(`X-Long: ${'z'.repeat(80)}\r\n\r\n`);
    const acts = [server(answer.subarray(0, 40)), serverMisses(answer.length - 40), server(endRequest())];
    expect(answered(...acts).filter((line) => line.includes('head'))).toEqual([]);
  });

  test('beyond a record: reading goes on where a header fits', () => {
    const acts: Act[] = [
      client(request()),
      server(stdout(`${HEAD}begin`).subarray(0, 40)),
      serverMisses(500),
      server('\x01\x06\x00\x09 no request of ours'),
      server(join(stdout('more'), endRequest())),
      serverFin,
    ];
    expect(lines(play(fastcgi, acts)).slice(2)).toEqual([
      '2 response-start',
      HEADED,
      '5 end-request 0 0',
      '5 response-end complete 591 9',
    ]);
  });

  test('of a whole answer: it began, and where it ended is not known', () => {
    expect(answered(serverMisses(300), serverFin)).toEqual([
      '2 lost reverse 300',
      '2 response-start',
      '3 response-end cut 300 0',
    ]);
  });

  test('with the end of an answer in it: a FIN does not make it cut', () => {
    expect(answered(server(stdout(`${HEAD}ab`)), serverMisses(16), serverFin).at(-1)).toBe(
      '4 response-end closed 54 2',
    );
  });

  test('with the end of an answer in it: the next request ends it', () => {
    const acts = [client(request()), server(stdout(`${HEAD}ab`)), serverMisses(16), client(request()), server(FINAL)];
    expect(said(...acts).slice(4, 7)).toEqual([
      '3 response-end complete 54 2',
      '4 request-head GET /checkout?id=7 HTTP/1.1 shop.example (238)',
      '4 request-end 246',
    ]);
  });

  test('a body whose records are lost is complete at CONTENT_LENGTH', () => {
    const list = [...PARAMS, ['CONTENT_LENGTH', '100000']] as const;
    const acts: Act[] = [
      client(join(begin(), params(list), record(5, 'x'.repeat(40_000)).subarray(0, 10))),
      clientMisses(99_000),
      client('x'.repeat(1000)),
      client('x'.repeat(100)),
    ];
    expect(lines(play(fastcgi, acts)).slice(1)).toEqual(['4 request-end 100370']);
  });

  test('where records are lost, an answer ends the request', () => {
    const acts = [
      client(join(begin(), params([['REQUEST_METHOD', 'GET']]).subarray(0, 20))),
      clientMisses(500),
      server(FINAL),
    ];
    expect(said(...acts).slice(0, 5)).toEqual([
      '2 lost forward 7',
      '2 lost forward 493',
      '2 request-head     (43)',
      '3 request-end 536',
      '3 response-start',
    ]);
  });

  test('midstream: what is under way is passed over, the next request is read', () => {
    const acts: Act[] = [server('tail of a body'), client('tail of STDIN'), client(request()), server(FINAL)];
    const all = lines(play(fastcgi, acts, Infinity, true));
    expect(all.map((line) => line.split(' ')[1])).toEqual([
      'lost',
      'request-head',
      'request-end',
      'lost',
      'response-start',
      'response-head',
      'end-request',
      'response-end',
    ]);
  });
});

describe('limits', () => {
  test('STDERR is told 2 Ki octets a record and 16 Ki a request', () => {
    const answer = join(...Array.from({ length: 20 }, () => stderr('e'.repeat(3000))));
    const texts = play(fastcgi, [client(request()), server(answer)]).flatMap((m) =>
      m.kind === 'stderr' ? [m.text.length] : [],
    );
    expect(texts).toEqual(new Array(8).fill(2048));
  });

  test('32 requests are open at most; of one that is forgotten no record is a fault', () => {
    const ids = Array.from({ length: 40 }, (_, index) => index + 1);
    const acts = [
      client(join(...ids.map((id) => begin({ id })))),
      server(stdout(HEAD, { id: 1 })),
      server(stdout(HEAD, { id: 40 })),
    ];
    const all = said(...acts);
    expect(all.filter((line) => line.includes('lost'))).toHaveLength(8);
    expect(all.filter((line) => line.includes('fault'))).toEqual([]);
    expect(all.at(-1)).toBe('3 #40 response-head 200 Content-Type=text/plain');
  });

  test('a value of 100,000 octets over records is kept up to the limit, and the next parameter is read', () => {
    const list = [
      ['HTTP_X', 'v'.repeat(100_000)],
      ['REQUEST_METHOD', 'PUT'],
    ] as const;
    const [head] = play(fastcgi, [client(join(begin(), params(list, { size: 999 })))], 777);
    expect(head?.kind === 'request-head' && [head.method, head.fields[0]?.value.length]).toEqual(['PUT', 16_384]);
  });
});

import { describe, expect, test } from 'vitest';
import type { ResolverAnswer } from '../../src/model/connection.ts';
import { endpoint } from '../../src/model/endpoint.ts';
import { judge, judgeAttempt } from '../../src/verdict/judge.ts';
import { attempt, fault, incident, moment, noLive } from '../kit/incidents.ts';

const SECOND_PEER = endpoint('10.0.0.8', 3000);

function resolver(outcome: ResolverAnswer['outcome'], addresses = 0): ResolverAnswer {
  const server = endpoint('10.0.0.53', 53);
  const answered = typeof outcome === 'number' ? moment(3) : undefined;
  return {
    asker: endpoint('10.0.0.1', 40000),
    server,
    name: 'app\x1b.example',
    asked: moment(1),
    outcome,
    answered,
    addresses,
  };
}

test('a failure that was neither incident nor masked is in the chain by its peer, but leads nowhere', () => {
  const chain = [
    { id: '', peer: '10.0.0.7:9000', moment: moment(-2000), reused: false },
    { id: 'i-2', peer: '10.0.0.8:9000', moment: moment(-1000), reused: false },
  ];
  const { finding, rootChain } = judge(incident({ incident: { noLive: noLive({ chain }) } }));
  expect(rootChain).toEqual(['i-2']);
  expect(finding.sentence).toContain('10.0.0.7:9000, 10.0.0.8:9000');
});

test('the chain says when each peer is asked again, or that the default fail_timeout is not the one that is set', () => {
  const chain = [
    { id: 'i-1', peer: '10.0.0.7:9000', moment: moment(-12_000), reused: false },
    { id: 'i-2', peer: '10.0.0.8:9000', moment: moment(-3999), reused: false },
  ];
  const { finding } = judge(incident({ answeredMs: 1, incident: { noLive: noLive({ chain }) } }));
  expect(finding.evidence.map(({ text }) => text)).toEqual([
    '10.0.0.7:9000 failed (i-1) 12 s before; longer ago than the default fail_timeout of 10 s: a longer one is set',
    '10.0.0.8:9000 failed (i-2) 4 s before; with the default fail_timeout of 10 s it is asked again 6 s after this 502',
  ]);
});

test('an outage that lost races alone led to is told as one, with the request whose it was', () => {
  const chain = ['10.0.0.7:9000', '10.0.0.8:9000'].map((peer) => ({
    id: 'i-3',
    peer,
    moment: moment(-500),
    reused: true,
  }));
  const told = (links: typeof chain) =>
    judge(incident({ incident: { noLive: noLive({ chain: links, afterStaleKeepalive: true }) } })).finding;
  expect(told(chain).sentence).toContain('one request (i-3) met kept-alive connections that had just been closed');
  expect(told(chain).advice[0]).toContain('keepalive_timeout');
  expect(told(chain.map((link, n) => ({ ...link, id: `i-${n}` }))).sentence).toContain('2 requests met');
  expect(told(chain.map((link) => ({ ...link, id: '' }))).sentence).toContain('a request met');
});

describe('a 502 without any attempt', () => {
  test('with nothing known is unknown: no-upstream-traffic, and says what it may be and what would decide', () => {
    const { finding, attempts } = judge(incident());
    expect(finding).toMatchObject({ cause: 'unknown', subcause: 'no-upstream-traffic', confidence: 'possible' });
    expect(finding.alternatives.map(({ cause }) => cause)).toEqual([
      'unix-socket-refused',
      'no-live-upstreams',
      'cached-502',
      'config-response',
      'resolver-failed',
      'connect-net-unreachable',
    ]);
    expect(finding.unseen.join()).toMatch(/kernel events.*error log/);
    expect(attempts).toEqual([]);
  });

  test('in a capture with losses is a capture gap', () => {
    expect(judge(incident({ incident: { losses: 2 } })).finding.subcause).toBe('capture-gap');
  });

  test('beside a failure that nobody claims is unlinked', () => {
    expect(judge(incident({ incident: { rivals: 1 } })).finding.subcause).toBe('unlinked');
  });

  test.each([
    [true, false, 'likely', 'all-failed'],
    [false, false, 'possible', 'all-failed'],
    [true, true, 'likely', 'after-stale-keepalive'],
  ])(
    'after failures of every peer (sure: %s, stale: %s) is no-live-upstreams, %s',
    (sure, stale, confidence, subcause) => {
      const { finding, rootChain } = judge(
        incident({ incident: { noLive: noLive({ sure, afterStaleKeepalive: stale }) } }),
      );
      expect(finding).toMatchObject({ cause: 'no-live-upstreams', confidence, subcause });
      expect(finding.sentence).toContain('10.0.0.7:9000, 10.0.0.8:9000');
      expect(rootChain).toEqual(['m-1', 'i-2']);
    },
  );

  test.each([
    [1, 'format'],
    [2, 'servfail'],
    [3, 'nxdomain'],
    [4, 'notimp'],
    [5, 'refused'],
    [9, ''],
    [0, 'nxdomain'],
    ['silent', 'timeout'],
    ['unreachable', 'timeout'],
  ] as const)('after a resolver that said %s is resolver-failed{%s}', (outcome, subcause) => {
    const { finding } = judge(incident({ incident: { resolver: resolver(outcome) } }));
    expect(finding).toMatchObject({ cause: 'resolver-failed', subcause, confidence: 'possible' });
    expect(finding.sentence).toContain('"app\\x1b.example"');
  });

  test('after a resolver that answered is not the resolver', () => {
    expect(judge(incident({ incident: { resolver: resolver(0, 2) } })).finding.cause).toBe('unknown');
  });
});

describe('the verdict of several attempts', () => {
  test('is the last one, and every attempt has its own finding', () => {
    const attempts = [
      attempt({ server: 'refuses' }),
      attempt({ n: 2, peer: SECOND_PEER, server: 'fin', serverOctets: 60 }),
    ];
    const verdict = judge(incident({ attempts }));
    expect(verdict.attempts.map(({ finding }) => finding?.cause)).toEqual(['connect-refused', 'close-in-header']);
    expect(verdict.finding).toMatchObject({ cause: 'close-in-header', confidence: 'certain' });
    expect(verdict.finding.sentence).toContain('10.0.0.8:3000');
  });

  test('is never certain if an earlier one is tied by timing: a hidden one may have been the last', () => {
    const attempts = [
      attempt({ server: 'refuses', link: 'timing' }),
      attempt({ n: 2, server: 'fin', serverOctets: 60 }),
    ];
    const verdict = judge(incident({ attempts }));
    expect(verdict.attempts[1]?.finding?.confidence).toBe('certain');
    expect(verdict.finding.confidence).toBe('likely');
  });

  test("an earlier one that the gateway left was the gateway's timer", () => {
    const attempts = [attempt({ gatewayAfterMs: 3000 }), attempt({ n: 2, server: 'refuses' })];
    const [first] = judge(incident({ attempts })).attempts;
    expect(first?.finding).toMatchObject({ cause: 'proxy-read-timeout', confidence: 'likely' });
    expect(first?.finding?.advice[0]).toContain('3 s');
  });

  test('an earlier one that was answered has no finding', () => {
    const attempts = [attempt({ response: { status: 503 } }), attempt({ n: 2, server: 'refuses' })];
    expect(judge(incident({ attempts })).attempts[0]?.finding).toBeUndefined();
  });

  test('an earlier answer that the gateway refused has one', () => {
    const attempts = [
      attempt({ response: {}, faults: [fault('header-conflict', 'cl-te')], gatewayAfterMs: 1 }),
      attempt({ n: 2, server: 'refuses' }),
    ];
    expect(judge(incident({ attempts })).attempts[0]?.finding?.cause).toBe('header-conflict');
  });
});

describe('a failure after which no next peer was left', () => {
  const left = { noLive: noLive({ afterStaleKeepalive: true }) };

  test('says that nothing is known to be wrong with the peers, where each attempt lost a race', () => {
    const stale = attempt({ server: 'rst', reused: true });
    const sentenceOf = (attempts: (typeof stale)[]) => judge(incident({ attempts, incident: left })).finding.sentence;
    expect(sentenceOf([stale])).toContain('nothing is known to be wrong with the peers');
    expect(sentenceOf([attempt({ server: 'rst' }), stale])).toContain('the rest of the group was considered down');
  });

  test('is no-live-upstreams; the attempt keeps its own finding, and is cited', () => {
    const verdict = judge(incident({ attempts: [attempt({ server: 'rst', reused: true })], incident: left }));
    expect(verdict.attempts[0]?.finding?.cause).toBe('stale-keepalive');
    expect(verdict.finding).toMatchObject({
      cause: 'no-live-upstreams',
      subcause: 'after-stale-keepalive',
      confidence: 'likely',
    });
    expect(verdict.finding.evidence).toEqual(
      expect.arrayContaining([...(verdict.attempts[0]?.finding?.evidence ?? [])]),
    );
    expect(verdict.rootChain).toEqual(['m-1', 'i-2']);
  });

  test('is possible if the attempt may be of another request', () => {
    const tried = attempt({ server: 'rst', reused: true, link: 'timing', margin: 2 });
    expect(judge(incident({ attempts: [tried], incident: left })).finding.confidence).toBe('possible');
  });

  test('a refused response ends the request: it is not passed on', () => {
    const tried = attempt({ serverOctets: 90, faults: [fault('header-line', 'name', 'X \x01')], gatewayAfterMs: 1 });
    expect(judge(incident({ attempts: [tried], incident: left })).finding.cause).toBe('header-invalid');
  });
});

describe('a failure that was hidden from the client', () => {
  test('is told by the attempt that failed', () => {
    const attempts = [attempt({ server: 'refuses' }), attempt({ n: 2, response: {} })];
    const verdict = judge(incident({ kind: 'masked', attempts }));
    expect(verdict.finding.cause).toBe('connect-refused');
    expect(verdict.attempts[1]?.finding).toBeUndefined();
  });

  test('a true cause goes before a neighbour', () => {
    const attempts = [
      attempt({ server: 'refuses' }),
      attempt({ n: 2, response: { how: 'cut' }, server: 'fin', afterRequestMs: 9 }),
    ];
    const verdict = judge(incident({ kind: 'masked', attempts }));
    expect(verdict.attempts[1]?.finding?.cause).toBe('body-truncated');
    expect(verdict.finding.cause).toBe('connect-refused');
  });

  test('the 502 of a peer that was tried again elsewhere is its own', () => {
    const attempts = [attempt({ response: { status: 502 } }), attempt({ n: 2, response: {} })];
    expect(judge(incident({ kind: 'masked', attempts })).finding.cause).toBe('upstream-502');
  });

  test('with no failure at all is unknown rather than wrong', () => {
    expect(judge(incident({ kind: 'masked', attempts: [attempt({ response: {} })] })).finding.cause).toBe('unknown');
  });
});

describe('the words of a finding', () => {
  test('the sentence names the peer, the evidence cites frames, the advice begins with what fits', () => {
    const tried = attempt({ protocol: 'fastcgi', server: 'rst', afterRequestMs: 2310 });
    const { finding } = judge(incident({ attempts: [tried], answeredMs: 2311 }));
    expect(finding.sentence).toBe(
      '10.0.0.7:9000 reset the connection 2.31 s after the end of the request, without one octet of a response.',
    );
    expect(finding.evidence.map(({ text }) => text)).toEqual([
      'new connection to 10.0.0.7:9000, open after 0.1 ms',
      'request complete (912 octets)',
      'RST from the peer 2.31 s after the end of the request; no response octets',
    ]);
    expect(finding.evidence.at(-1)?.moment).toEqual(moment(2310.3));
    expect(finding.advice[0]).toContain('2 s');
    expect(finding.unseen).toEqual(["the peer's process: no kernel events in this capture"]);
  });

  test('with kernel events the process was seen', () => {
    const tried = attempt({ protocol: 'fastcgi', server: 'rst', link: 'kernel' });
    expect(judgeAttempt(incident({ attempts: [tried] }), tried)?.unseen).toEqual([]);
  });

  test('an instant reset of FastCGI points to allowed_clients', () => {
    const tried = attempt({ protocol: 'fastcgi', server: 'rst', afterRequestMs: 0.1 });
    expect(judge(incident({ attempts: [tried] })).finding.advice[0]).toContain('allowed_clients');
  });

  test('a RST from another distance than the peer is said', () => {
    const tried = attempt({ server: 'rst', afterRequestMs: 900, serverStream: { ttl: 63, rstTtl: 255 } });
    const { finding } = judge(incident({ attempts: [tried] }));
    expect(finding.unseen[0]).toContain('its TTL is 255');
    expect(finding.advice[0]).toContain('foreign TTL');
  });

  test('an idle time that is a known default names the server that has it', () => {
    const tried = attempt({ server: 'fin', reused: true, unread: true, idleMs: 5003 });
    const { finding } = judge(incident({ attempts: [tried], method: 'POST' }));
    expect(finding.sentence).toBe(
      '10.0.0.7:9000 closed the kept-alive connection, idle for 5 s, just as the gateway used it again.',
    );
    expect(finding.advice[0]).toContain('Node.js and Apache');
  });

  test("the next hop of a peer's own 502 is the root", () => {
    const tried = attempt({ response: { status: 502 } });
    const verdict = judge(incident({ attempts: [tried], incident: { nextHop: 'i-9' } }));
    expect(verdict.rootChain).toEqual(['i-9']);
  });
});

test('an attempt of which nothing is known but its peer is unknown', () => {
  const bare = { ...attempt(), exchange: undefined };
  expect(judge(incident({ attempts: [bare] })).finding.cause).toBe('unknown');
});

describe('an attempt whose octets the capture lacks', () => {
  const lacking = { server: 'fin', exchange: { obscured: true, serverOctets: 80 } } as const;

  test('is the unknown cause of a 502, and names no other', () => {
    const { finding } = judge(incident({ attempts: [attempt(lacking)] }));
    expect(finding).toMatchObject({
      cause: 'unknown',
      subcause: 'capture-gap',
      confidence: 'possible',
      alternatives: [],
    });
    expect(finding.sentence).toMatch(/was not captured whole/);
  });

  test('went well where the client was not told of a failure', () => {
    const made = [attempt({ server: 'refuses' }), attempt({ ...lacking, n: 2 })];
    const { attempts } = judge(incident({ attempts: made, kind: 'masked' }));
    expect(attempts.map(({ finding }) => finding?.cause)).toEqual(['connect-refused', undefined]);
  });
});

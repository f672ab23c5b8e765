import { describe, expect, test } from 'vitest';
import { isCertainlyWrong, type Line, scoreRun } from './score.ts';
import { certainList, checkBars, sumScores } from './scoreboard.ts';
import type { TruthRow } from './truth.ts';

const PEER = '127.0.0.1:9000';

const truth = (more: Partial<TruthRow> = {}): TruthRow => ({
  gateway: '127.0.0.1:8080',
  client: '127.0.0.1:40000',
  connectionRequests: 1,
  method: 'GET',
  target: '/a',
  host: 'shop.example',
  status: 502,
  at: '1795180493.029',
  scenario: 'refused',
  via: 'outer',
  attempts: [{ peer: PEER, status: 502, transport: 'tcp', cause: 'connect-refused' }],
  verdictCause: 'connect-refused',
  ...more,
});

const line = (more: Partial<Line> = {}): Line => ({
  type: 'incident',
  id: 'i-1',
  time: '2026-11-20T13:14:53.029Z',
  gateway: '127.0.0.1:8080',
  client: '127.0.0.1:40000',
  request: { connectionRequests: 1, method: 'GET', target: '/a' },
  verdict: { cause: 'connect-refused', confidence: 'likely' },
  attempts: [{ peer: PEER, cause: 'connect-refused', link: 'timing' }],
  ...more,
});

const score = (rows: readonly TruthRow[], lines: readonly Line[]) => scoreRun('run', rows, lines);
const NO_PACKET = {
  attempts: [{ peer: 'unix:/run/a', status: 502, transport: 'unix' as const, cause: 'unix-socket-missing' as const }],
  verdictCause: 'unix-socket-missing' as const,
  packetsOnly: 'no-upstream-traffic' as const,
};

describe('a score', () => {
  test('counts an incident that agrees', () => {
    const { tcp, details } = score([truth()], [line()]);
    expect(tcp).toMatchObject({ logged: 1, right: 1, peersRight: 1 });
    expect(details).toEqual([]);
  });

  test('counts a wrong cause under its confidence', () => {
    const result = score([truth()], [line({ verdict: { cause: 'reset-before-response', confidence: 'certain' } })]);
    expect(result.tcp.wrong).toEqual({ certain: 1 });
    expect(result.details.filter(isCertainlyWrong)).toHaveLength(1);
  });

  test('takes any of the acceptable causes', () => {
    const row = truth({ acceptable: ['connect-rejected-firewall'] });
    const said = line({ verdict: { cause: 'connect-rejected-firewall', confidence: 'likely' } });
    expect(score([row], [said]).tcp.right).toBe(1);
  });

  test('takes what the kernel calls it with the kernel only', () => {
    const row = truth({ verdictCause: 'stale-keepalive', witnessed: 'connect-refused' });
    expect(score([row], [line()]).tcp.right).toBe(0);
    expect(scoreRun('run', [row], [line()], true).tcp.right).toBe(1);
  });

  test('wants the whole list of peers in order', () => {
    const row = truth({
      attempts: [
        { peer: '127.0.0.1:1', status: 502, transport: 'tcp', cause: 'connect-refused' },
        { peer: PEER, status: 502, transport: 'tcp', cause: 'connect-refused' },
      ],
    });
    expect(score([row], [line()]).tcp).toMatchObject({ right: 1, peersRight: 0 });
    const both = line({ attempts: [{ peer: '127.0.0.1:1' }, { peer: PEER }] });
    expect(score([row], [both]).tcp.peersRight).toBe(1);
  });

  test('does not ask for the port of a host that never answered', () => {
    const attempts = [{ peer: '10.77.0.99:80', status: 502, transport: 'tcp' as const }];
    expect(score([truth({ attempts })], [line({ attempts: [{ peer: '10.77.0.99:0' }] })]).tcp.peersRight).toBe(1);
  });

  test('takes `unknown` for a 502 that no packet explains, and complains of an attempt given to it', () => {
    const unknown = { cause: 'unknown', subcause: 'no-upstream-traffic', confidence: 'possible' };
    const honest = score([truth(NO_PACKET)], [line({ verdict: unknown, attempts: [] })]);
    expect(honest.noPacket).toMatchObject({ logged: 1, right: 1, peersRight: 1, givenAttempt: 0 });
    expect(score([truth(NO_PACKET)], [line()]).noPacket).toMatchObject({ right: 0, givenAttempt: 1 });
  });

  test('does not take `unknown` where no peer was live', () => {
    const row = truth({
      attempts: [{ peer: 'group', status: 502, transport: 'group', cause: 'no-live-upstreams' }],
      verdictCause: 'no-live-upstreams',
    });
    const unknown = line({ verdict: { cause: 'unknown', confidence: 'possible' }, attempts: [] });
    expect(score([row], [unknown]).tcp).toMatchObject({ logged: 1, right: 0, peersRight: 1 });
  });

  test('tells missing, twice and invented apart', () => {
    expect(score([truth()], []).missing).toBe(1);
    expect(score([truth()], [line(), line({ id: 'i-2' })]).twice).toBe(1);
    expect(score([truth({ status: 200, attempts: [] })], [line()]).invented).toBe(1);
    expect(score([], [line()]).invented).toBe(1);
  });

  test('joins by the nth request of a connection', () => {
    const second = line({ id: 'i-2', request: { connectionRequests: 2 } });
    expect(score([truth(), truth({ connectionRequests: 2 })], [second, line()])).toMatchObject({
      missing: 0,
      twice: 0,
    });
  });

  test("joins by time where a client's port was used again", () => {
    const later = truth({ at: '1795180593.029' });
    const lines = [line(), line({ id: 'i-2', time: '2026-11-20T13:16:33.029Z' })];
    expect(score([later, truth()], lines)).toMatchObject({ missing: 0, twice: 0 });
  });

  test('counts masked failures found, missed and false', () => {
    const masked = truth({
      status: 200,
      masked: true,
      attempts: [
        { peer: '127.0.0.1:1', status: 502, transport: 'tcp', cause: 'connect-refused' },
        { peer: PEER, status: 200, transport: 'tcp' },
      ],
    });
    const found = line({ type: 'masked', attempts: [{ peer: '127.0.0.1:1' }, { peer: PEER }] });
    expect(score([masked], [found]).masked).toMatchObject({ logged: 1, found: 1, peersRight: 1, false: 0 });
    expect(score([masked], []).masked).toMatchObject({ logged: 1, found: 0 });
    const healthy = truth({ status: 200, attempts: [] });
    expect(score([healthy], [found]).masked.false).toBe(1);
    expect(score([{ ...healthy, maskedAllowed: true }], [found]).masked.false).toBe(0);
  });
});

describe('the scoreboard', () => {
  test('adds runs up', () => {
    const sum = sumScores('both', [score([truth()], [line()]), score([truth()], [])]);
    expect(sum).toMatchObject({ requests: 2, missing: 1, tcp: { logged: 2, right: 1, wrong: { missing: 1 } } });
    expect(sum.causes['connect-refused']).toMatchObject({ logged: 2, right: 1 });
  });

  test('says which bars are missed', () => {
    expect(checkBars(score([truth()], [line()]), 24)).toEqual([]);
    expect(checkBars(score([truth()], []), 24)).toEqual([
      'run: cause right 0.00 %, below 99 %',
      'run: peers right 0.00 %, below 98.5 %',
      'run: missing 1, must be none',
    ]);
  });

  test('with the kernel, wants the subcause and the rung, and has bars of its own', () => {
    const row = truth({ subcause: 'worker-killed' });
    const [attempt] = line().attempts;
    const told = (subcause: string, link: string) => {
      const said = line({ verdict: { cause: 'connect-refused', subcause, confidence: 'likely' } });
      return scoreRun('run', [row], [{ ...said, attempts: [{ ...attempt, peer: PEER, link }] }], true);
    };
    expect(checkBars(told('worker-killed', 'kernel'), 128)).toEqual([]);
    const missed = sumScores('all', [told('worker-killed', 'kernel'), told('app-closed', 'identity')]);
    expect(checkBars(missed, 128)).toEqual([
      'all: subcause right 50.00 %, below 98 %',
      'all: rung kernel 50.00 %, below 99 %',
    ]);
  });

  test('lists what is wrong and certain so that it can be found', () => {
    const result = score([truth()], [line({ verdict: { cause: 'stale-keepalive', confidence: 'certain' } })]);
    expect(certainList(result)).toContain('i-1 cause: refused GET /a from 127.0.0.1:40000 #1');
  });
});

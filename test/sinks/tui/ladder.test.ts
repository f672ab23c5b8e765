import { expect, test } from 'vitest';
import { endpoint } from '../../../src/model/endpoint.ts';
import { type Ladder, ladderOf } from '../../../src/sinks/tui/ladder.ts';
import { judge } from '../../../src/verdict/judge.ts';
import { type AttemptPlan, attempt, close, goaway, incident, moment, tls } from '../../kit/incidents.ts';
import { attemptEnded, exited, logged, resetSent, signalled, WORKER, witness } from '../../kit/kernel-events.ts';

const ladder = (...plans: readonly AttemptPlan[]): Ladder =>
  ladderOf(judge(incident({ attempts: plans.map((plan, at) => attempt({ ...plan, n: at + 1 })) })));
const told = ({ steps }: Ladder): string[] => steps.map(({ from, to, text }) => `${from} ${to} ${text}`);

test('a reset after the request, from SYN to 502, in time', () => {
  expect(told(ladder({ server: 'rst', exchange: { clientClose: close(0.7, false) } }))).toEqual([
    'client gateway GET /checkout?id=7',
    'gateway 0 SYN',
    '0 gateway SYN,ACK',
    'gateway 0 GET /checkout?id=7',
    '0 gateway RST',
    'gateway 0 FIN',
    'gateway client 502',
  ]);
});

test('each peer has one lane, however often it is asked', () => {
  const other = endpoint('10.0.0.8', 80);
  const { peers, steps } = ladder({ server: 'refuses' }, { server: 'rst', peer: other }, { server: 'refuses' });
  expect(peers.map(({ name }) => name)).toEqual(['10.0.0.7:9000', '10.0.0.8:80']);
  expect(steps.find(({ text }) => text === 'RST: refused')?.broken).toBe(true);
  expect(new Set(steps.map((step) => step.attempt))).toEqual(new Set([-1, 0, 1, 2]));
});

test('who did it stands above the lane, and is not named again in it', () => {
  const killed = witness({
    ending: attemptEnded(0.7),
    closer: resetSent(0.6, { death: { signal: 9, code: 0 } }),
    exit: exited(0.55),
    signals: [signalled(0.5)],
  });
  const { peers, gateway, kernel, steps } = ladder({ server: 'rst', witness: killed });
  expect([gateway, peers[0]?.process, kernel]).toEqual(['nginx 3312', `${WORKER.name} ${WORKER.id}`, true]);
  expect(steps.filter(({ from }) => from === 'kernel').map(({ text }) => text)).toEqual([
    'bash 900 sent SIGKILL to php-fpm8.2 4211',
    'was ended by SIGKILL',
    'reset the connection, dying',
  ]);
});

test("the gateway's own line in its error log points at the gateway", () => {
  const { steps } = ladder({ server: 'rst', witness: witness({ logged: logged(0.7, 'recv() failed (104)') }) });
  const [step] = steps.filter(({ from }) => from === 'kernel');
  expect(step).toMatchObject({ to: 'gateway', text: 'nginx 3312 logged: recv() failed (104)' });
});

test('what protocols say of an end is told', () => {
  expect(told(ladder({ exchange: { goaway: goaway(2) }, protocol: 'http/2' }))).toContain('0 gateway GOAWAY, code 2');
  expect(told(ladder({ reused: true, server: 'fin' }))).toContain('gateway 0 reused, request 3, idle 5.00 s');
  expect(told(ladder({ tls: tls({ serverHello: moment(0.4) }), request: undefined }))).toContain(
    '0 gateway TLS ServerHello',
  );
  const end = { ...goaway(0), kind: 'end-request', appStatus: 255, protocolStatus: 0 } as const;
  const fastcgi = told(ladder({ protocol: 'fastcgi', exchange: { endRequest: end, stderr: 'oops' } }));
  expect(fastcgi).toContain('gateway 0 BEGIN PARAMS STDIN (912 octets)');
  expect(fastcgi).toContain('0 gateway STDERR oops');
  expect(fastcgi).toContain('0 gateway END_REQUEST, exit 255');
});

import { expect, test } from 'vitest';
import { endpoint } from '../../src/model/endpoint.ts';
import { judge } from '../../src/verdict/judge.ts';
import { type AttemptPlan, attempt, incident, moment, tls } from '../kit/incidents.ts';

const adviceAbout = (plan: AttemptPlan): string =>
  judge(incident({ attempts: [attempt(plan)] })).finding.advice.join('\n');

test('a command that is advised names the port of the peer', () => {
  expect(adviceAbout({ server: 'refuses', peer: endpoint('10.0.0.8', 3000) })).toContain('ss -ltnp | grep :3000');
});

test('address and port stand apart where a command wants them so, without the brackets of IPv6', () => {
  const unanswered = { request: undefined, connection: { synAck: undefined, established: undefined, syns: 3 } };
  const advice = adviceAbout({ ...unanswered, peer: endpoint('fd00::8', 3000) });
  expect(advice).toContain('nc -vz fd00::8 3000');
});

const leaves = (serverName: string): AttemptPlan => ({
  tls: tls({ serverHello: moment(0.5), serverName }),
  gatewayAfterMs: 1,
  serverOctets: 900,
});

test('the server name is the one that the gateway asked for', () => {
  expect(adviceAbout(leaves('shop.example'))).toContain(
    'openssl s_client -connect 10.0.0.7:9000 -servername shop.example',
  );
});

test('a server name that would do something in a shell is not put into a command', () => {
  expect(adviceAbout(leaves('x;reboot'))).toContain('-servername NAME');
  expect(adviceAbout(leaves(''))).toContain('-servername NAME');
  expect(adviceAbout(leaves('-x'))).toContain('-servername NAME');
});

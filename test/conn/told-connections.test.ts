import { expect, test } from 'vitest';
import { ToldConnections } from '../../src/conn/told-connections.ts';
import type { AttemptEnded, Talk } from '../../src/model/kernel-event.ts';
import { attemptEnded } from '../kit/kernel-events.ts';
import { EventLog } from './event-log.ts';

const ENDS = { local: 'unix:#7', remote: 'unix:/run/a.sock' };
const encoder = new TextEncoder();

function talk(request: string, response: string, over: Partial<Talk> = {}): Talk {
  return {
    request: encoder.encode(request),
    response: encoder.encode(response),
    requestOctets: request.length,
    responseOctets: response.length,
    requestedAt: 1,
    respondedAt: 2,
    ...over,
  };
}

function heard(over: Partial<AttemptEnded>) {
  const log = new EventLog();
  new ToldConnections(log).ended(attemptEnded(5, { ends: ENDS, errno: 0, talk: talk('GET', 'HTTP'), ...over }));
  return { log, connection: log.connections[-1] };
}

test('what was said comes in order, with what is missing after it, and then the end', () => {
  const { log, connection } = heard({ byPeer: true, talk: talk('GET', 'HTTP', { responseOctets: 10 }) });
  expect(log.lines.map((line) => line.replace(/^\S+ (?:\S+ms )?/, ''))).toMatchInlineSnapshot(`
    [
      "opened unix:#7 -> unix:/run/a.sock",
      "forward "GET"",
      "reverse "HTTP"",
      "reverse gap 6 cut",
      "reverse finished",
      "forgotten closed",
    ]
  `);
  expect(connection).toMatchObject({ transport: 'unix', midstream: false, reverse: { octets: 10, missing: 6 } });
});

test('who ended it: an errno is a reset, else whoever closed first', () => {
  expect(heard({ errno: 104 }).connection).toMatchObject({
    forward: { fin: undefined },
    reverse: { rst: { at: 5_000_000 } },
  });
  expect(heard({ byPeer: true }).connection).toMatchObject({ reverse: { fin: { at: 5_000_000 }, rst: undefined } });
  expect(heard({}).connection).toMatchObject({ forward: { fin: { at: 5_000_000 } }, reverse: { fin: undefined } });
});

test('a request that met a closed end was read by nobody', () => {
  expect(heard({ errno: 32 }).connection?.forward.acknowledged).toBe(0);
  expect(heard({ errno: 104 }).connection?.forward.acknowledged).toBe(3);
});

test('a connection that was used before is met in its midst', () => {
  expect(heard({ reused: true }).connection?.midstream).toBe(true);
});

test('without what was said, or over TCP, there is nothing to tell', () => {
  expect(heard({ talk: undefined }).log.lines).toEqual([]);
  expect(heard({ ends: { local: '10.0.0.1:1', remote: '10.0.0.2:80' } }).log.lines).toEqual([]);
});

test('each has a number of its own, below those of packets', () => {
  const log = new EventLog();
  const connections = new ToldConnections(log);
  for (let n = 0; n < 2; n++) connections.ended(attemptEnded(5, { ends: ENDS, talk: talk('GET', '') }));
  expect([log.connections[-1]?.id, log.connections[-2]?.id]).toEqual([-1, -2]);
});

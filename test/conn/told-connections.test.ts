import { describe, expect, test } from 'vitest';
import { ToldConnections } from '../../src/conn/told-connections.ts';
import type { Connection } from '../../src/model/connection.ts';
import type { Answered, AttemptEnded, Talk } from '../../src/model/kernel-event.ts';
import { moment } from '../kit/incidents.ts';
import { answered, attemptEnded } from '../kit/kernel-events.ts';
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

describe('a request inside TLS', () => {
  const ENDS = { local: '10.0.0.1:443', remote: '203.0.113.9:58884' };
  const SAID = talk('GET / HTTP/1.1', 'HTTP/1.1 502', { requestedAt: moment(4).at });

  function told(over: Partial<Answered> = {}, hidden?: Connection) {
    const log = new EventLog();
    const event = answered(5, { ends: ENDS, talk: SAID, nth: 3, ...over });
    new ToldConnections(log).answered({ ...event, moment: { at: moment(5).at, frame: 50 } }, hidden);
    return { log, connection: log.connections[-1] };
  }

  test('is told as if its octets had been on the wire, from the client to the gateway', () => {
    const { log, connection } = told();
    expect(log.lines.map((line) => line.replace(/^\S+ (?:\S+ms )?/, ''))).toMatchInlineSnapshot(`
      [
        "opened 203.0.113.9:58884 -> 10.0.0.1:443",
        "forward "GET / HTTP/1.1"",
        "reverse "HTTP/1.1 502"",
        "forgotten left-out",
      ]
    `);
    expect(connection).toMatchObject({ transport: 'tcp', untold: 2, reverse: { firstOctet: { frame: 50 } } });
  });

  test('came with the last packet of the client before the gateway read it', () => {
    const [asked, goodbye] = [
      { at: moment(3.9).at, frame: 40 },
      { at: moment(4.5).at, frame: 45 },
    ];
    const sent = (lastOctet: Connection['last']): Connection => {
      const { connection } = told();
      if (!connection) throw new Error('nothing was told');
      const first = { at: moment(1).at, frame: 7 };
      return { ...connection, id: 1, first, forward: { ...connection.forward, lastOctet } };
    };
    expect(told({}, sent(asked)).connection?.first).toEqual(asked);
    // It has sent more since: which packet it was is not known, but for the connection's first.
    expect(told({}, sent(goodbye)).connection?.first).toEqual({ at: moment(4).at, frame: 7 });
    expect(told().connection?.first).toEqual({ at: moment(4).at, frame: 49 });
  });

  test('in frames is told from the midst of its connection, and what is spoken there', () => {
    expect(told({ frames: true }).connection).toMatchObject({ midstream: true, spoken: 'http/2' });
    expect(told().connection).toMatchObject({ midstream: false, spoken: undefined });
  });

  test('that was not read is not told, nor one between ends that are none', () => {
    expect(told({ talk: undefined }).log.lines).toEqual([]);
    expect(told({ ends: { local: 'unix:/run/a.sock', remote: 'nowhere' } }).log.lines).toEqual([]);
  });
});

test('nobody has answered yet while the request is told', () => {
  const log = new EventLog();
  const said: number[] = [];
  log.chunk = (connection, direction) => void said.push(direction === 'forward' ? connection.reverse.octets : -1);
  new ToldConnections(log).ended(attemptEnded(5, { ends: ENDS, errno: 0, talk: talk('GET', 'HTTP') }));
  expect(said).toEqual([0, -1]);
});

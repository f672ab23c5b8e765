import { describe, expect, test } from 'vitest';
import { endpoint } from '../../src/model/endpoint.ts';
import type { Exchange } from '../../src/model/exchange.ts';
import { World } from '../kit/world.ts';

const CLIENT = endpoint('10.0.0.1', 5000);
const SERVER = endpoint('10.0.0.7', 8080);

/** A world whose exchanges are listed as they end. */
function stage(): { world: World; ended: Exchange[] } {
  const world = new World();
  const ended: Exchange[] = [];
  const tell = world.station.ended.bind(world.station);
  world.station.ended = (exchange) => {
    ended.push(exchange);
    tell(exchange);
  };
  return { world, ended };
}

test('a connection that is refused is an exchange without a request', () => {
  const { world, ended } = stage();
  world.at(1).open(CLIENT, SERVER).refuse();
  expect(ended.map(({ nth, request, end }) => ({ nth, request, how: end?.how }))).toEqual([
    { nth: 0, request: undefined, how: 'refused' },
  ]);
});

test('an unreachable peer is told from a refused one', () => {
  const { world, ended } = stage();
  world.at(1).open(CLIENT, SERVER).refuse('unreachable');
  expect(ended[0]?.end?.how).toBe('unreachable');
});

test('the first request on a connection began with its SYN', () => {
  const { world, ended } = stage();
  const wire = world.at(1).open(CLIENT, SERVER);
  world.at(2);
  wire.accept().ask('/a');
  world.at(3);
  wire.answer(200);
  expect(ended[0]).toMatchObject({ nth: 1, reused: false, idle: undefined, end: { how: 'complete' } });
  expect(ended[0]?.start.at).toBe(1e6);
});

test('a later request on the same connection began with its first octet, after the idle time', () => {
  const { world, ended } = stage();
  const wire = world.at(1).open(CLIENT, SERVER).accept().ask('/a').answer(200);
  world.at(51);
  wire.ask('/b');
  world.at(52);
  wire.answer(204);
  expect(ended[1]).toMatchObject({ nth: 2, reused: true, idle: 50e6, response: { status: 204 } });
  expect(ended[1]?.start.at).toBe(51e6);
});

test('a server that closes without an answer ends the exchange, its connection included', () => {
  const { world, ended } = stage();
  world.at(1).open(CLIENT, SERVER).accept().ask('/a').fin('reverse');
  expect(ended[0]?.end?.how).toBe('server-fin');
  expect(ended[0]?.serverClose?.rst).toBe(false);
});

test('the first of FIN and RST is what the other side learns', () => {
  const { world, ended } = stage();
  world.at(1).open(CLIENT, SERVER).accept().ask('/a').fin('reverse').reset('reverse');
  expect(ended[0]?.serverClose?.rst).toBe(false);
});

test('a client that closes its half may still be answered', () => {
  const { world, ended } = stage();
  world.at(1).open(CLIENT, SERVER).accept().ask('/a').fin('forward').answer(200);
  expect(ended[0]).toMatchObject({ end: { how: 'complete' }, response: { status: 200 } });
});

test('responses answer pipelined requests in order', () => {
  const { world, ended } = stage();
  world.at(1).open(CLIENT, SERVER).accept().ask('/a').ask('/b').answer(200).answer(404);
  expect(ended.map(({ request, response }) => [request?.target, response?.status])).toEqual([
    ['/a', 200],
    ['/b', 404],
  ]);
});

test('an interim response is not the answer', () => {
  const { world, ended } = stage();
  const wire = world.at(1).open(CLIENT, SERVER).accept().ask('/a');
  const head = { requestId: 0, version: 'HTTP/1.1', fields: [], headOctets: 25 } as const;
  wire.say({ kind: 'response-start', requestId: 0 });
  wire.say({ kind: 'response-head', interim: true, status: 100, ...head });
  world.at(9);
  wire.answer(200);
  expect(ended[0]?.response?.status).toBe(200);
  expect(ended[0]?.response?.start.at).toBe(9e6);
});

test('FastCGI answers are told apart by their request id', () => {
  const { world, ended } = stage();
  const wire = world.at(1).open(CLIENT, SERVER).accept().speak('fastcgi');
  const head = {
    method: 'GET',
    version: 'HTTP/1.1',
    host: '',
    fields: [],
    mayBearId: true,
    downstream: undefined,
    headOctets: 10,
  };
  for (const requestId of [1, 2]) {
    wire.say({ kind: 'request-head', requestId, start: world.moment(), target: `/${requestId}`, ...head });
    wire.say({ kind: 'request-end', requestId, octets: 10 });
  }
  for (const requestId of [2, 1]) {
    wire.say({ kind: 'response-start', requestId });
    wire.say({
      kind: 'response-head',
      requestId,
      interim: false,
      status: 200 + requestId,
      version: '',
      fields: [],
      headOctets: 9,
    });
    wire.say({ kind: 'response-end', requestId, how: 'complete', octets: 9, bodyOctets: 0 });
  }
  expect(ended.map(({ request, response }) => [request?.target, response?.status])).toEqual([
    ['/2', 202],
    ['/1', 201],
  ]);
});

test('an answer before the end of the request leaves the exchange open for what the close will tell', () => {
  const { world, ended } = stage();
  const wire = world.at(1).open(CLIENT, SERVER).accept().speak('http/1');
  const head = {
    method: 'POST',
    version: 'HTTP/1.1',
    host: '',
    fields: [],
    mayBearId: true,
    downstream: undefined,
    headOctets: 10,
  };
  wire.say({ kind: 'request-head', requestId: 0, start: world.moment(), target: '/up', ...head });
  wire.answer(413);
  expect(ended).toEqual([]);
  wire.reset('reverse');
  expect(ended[0]).toMatchObject({ response: { status: 413 }, end: { how: 'server-rst' } });
});

describe('where the capture lacks octets', () => {
  test('a response that it does not hold ends its request, and the next response is the next request’s', () => {
    const { world, ended } = stage();
    const wire = world.at(1).open(CLIENT, SERVER).accept().ask('/a').ask('/b');
    wire.say({ kind: 'response-unseen', requestId: 0 }).answer(502);
    expect(ended.map(({ request, response, end }) => [request?.target, response?.status, end?.how])).toEqual([
      ['/a', undefined, 'unseen'],
      ['/b', 502, 'complete'],
    ]);
  });

  test.each([
    ['the server’s before any head', 'reverse', false, true],
    ['the client’s behind its head', 'forward', false, false],
    ['the server’s behind its head', 'reverse', true, false],
  ] as const)('octets of %s', (_, direction, answered, obscured) => {
    const { world, ended } = stage();
    const wire = world.at(1).open(CLIENT, SERVER).accept().ask('/a');
    if (answered) wire.answer(200).ask('/b').say({ kind: 'response-start', requestId: 0 });
    if (answered)
      wire.say({
        kind: 'response-head',
        requestId: 0,
        interim: false,
        version: '',
        fields: [],
        headOctets: 9,
        status: 200,
      });
    world.pairing.gap(wire.connection, direction, 'lost');
    wire.fin('reverse');
    expect(ended.at(-1)?.obscured).toBe(obscured);
  });

  test('a head that a snap length cut is told, and hides nothing', () => {
    const { world, ended } = stage();
    const wire = world.at(1).open(CLIENT, SERVER).accept().ask('/a');
    world.pairing.gap(wire.connection, 'reverse', 'cut');
    wire.fin('reverse');
    expect(ended[0]?.obscured).toBe(false);
  });

  test('a server that ends the connection may have answered what it was asked in octets that come later or never', () => {
    const { world, ended } = stage();
    const wire = world.at(1).open(CLIENT, SERVER).accept();
    wire.connection.forward.acknowledged = 100;
    wire.connection.reverse.octets = 80;
    wire.fin('reverse');
    wire.ask('/late');
    expect(ended.map(({ obscured, end }) => [obscured, end?.how])).toEqual([
      [true, 'server-fin'],
      [true, 'unseen'],
    ]);
  });

  test('a request that comes after its answer was answered somehow', () => {
    const { world, ended } = stage();
    const wire = world.at(1).open(CLIENT, SERVER).accept().speak('fastcgi');
    wire.connection.reverse.octets = 80;
    wire.ask('/late', { protocol: 'fastcgi' }).fin('reverse');
    expect(ended[0]).toMatchObject({ obscured: true, request: { target: '/late' } });
  });
});

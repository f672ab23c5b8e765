import { describe, expect, test } from 'vitest';
import { endpoint } from '../../src/model/endpoint.ts';
import { World } from '../kit/world.ts';

describe('what is told of a request', () => {
  test('502s and hidden failures are counted each for themselves', () => {
    const world = new World();
    for (const n of [0, 1]) {
      const client = world.at(n * 1000).client(`/down?${n}`);
      world
        .at(n * 1000 + 0.1)
        .attempt('10.0.0.7:8080')
        .refuse();
      world.at(n * 1000 + 0.2);
      client.answer(502);
      const hidden = world.at(n * 1000 + 500).client(`/hidden?${n}`);
      world
        .at(n * 1000 + 500.1)
        .attempt('10.0.0.7:8080')
        .refuse();
      const second = world
        .at(n * 1000 + 500.2)
        .attempt('10.0.0.8:8080')
        .accept()
        .ask(`/hidden?${n}`);
      world.at(n * 1000 + 501);
      second.answer(200);
      hidden.answer(200);
    }
    expect(world.end().map(({ id, kind }) => `${id} ${kind}`)).toEqual([
      'i-1 incident',
      'm-1 masked',
      'i-2 incident',
      'm-2 masked',
    ]);
    expect(world.station.counters).toMatchObject({ incidents: 2, masked: 2 });
  });

  test('nothing, where a client left: nobody was answered', () => {
    const world = new World();
    const client = world.at(0).client('/a');
    world.at(0.1).attempt('10.0.0.7:8080').accept().ask('/a').reset('reverse');
    world.at(0.2);
    client.fin('forward').reset('reverse');
    expect(world.end()).toEqual([]);
  });

  test('nothing, where an attempt was answered with 500, as an auth_request that failed is', () => {
    const world = new World();
    const client = world.at(0).client('/a');
    world.at(0.1).attempt('10.0.0.7:8080').accept().ask('/a').reset('reverse');
    world.at(0.2);
    client.answer(500);
    expect(world.end()).toEqual([]);
  });
});

describe('a 502 without a connection to any peer', () => {
  test('goes to the peer whose link-layer address nobody answered for', () => {
    const world = new World();
    const client = world.at(0).client('/a');
    const [first, last] = [world.at(1).moment(), world.at(2049).moment()];
    world.station.neighbourSilent({ asker: '10.0.0.1', target: '10.0.0.7', first, last, queries: 3 });
    world.at(3073);
    client.answer(502);
    const [incident] = world.end();
    expect(incident?.attempts).toMatchObject([
      { n: 1, peer: { address: '10.0.0.7', port: 0 }, exchange: undefined, silent: { queries: 3 }, link: 'timing' },
    ]);
  });

  test('does not go to a peer that was silent at another time', () => {
    const world = new World();
    const client = world.at(0).client('/a');
    const [first, last] = [world.at(1).moment(), world.at(2049).moment()];
    world.station.neighbourSilent({ asker: '10.0.0.1', target: '10.0.0.7', first, last, queries: 3 });
    world.at(4000);
    client.answer(502);
    expect(world.end()[0]?.attempts).toEqual([]);
  });

  const resolved = (world: World, outcome: number, addresses: number): void => {
    const asked = world.at(1).moment();
    const [asker, server] = [endpoint('10.0.0.1', 5353), endpoint('10.0.0.53', 53)];
    const answered = world.at(1.5).moment();
    world.station.resolved({ asker, server, name: 'app.example', asked, outcome, answered, addresses });
  };

  test.each([
    ['that a name does not exist', 3, 0],
    ['an empty answer', 0, 0],
  ])('may come of a resolver that said %s', (_, outcome, addresses) => {
    const world = new World();
    const client = world.at(0).client('/a');
    resolved(world, outcome, addresses);
    world.at(1.6);
    client.answer(502);
    expect(world.end()[0]?.resolver).toMatchObject({ name: 'app.example', outcome });
  });

  test('does not come of a resolver that knew the name', () => {
    const world = new World();
    const client = world.at(0).client('/a');
    resolved(world, 0, 2);
    world.at(1.6);
    client.answer(502);
    expect(world.end()[0]?.resolver).toBeUndefined();
  });

  test('where an attempt was made, the resolver is not asked about', () => {
    const world = new World();
    const client = world.at(0).client('/a');
    resolved(world, 3, 0);
    world.at(1.55).attempt('10.0.0.7:8080').accept().ask('/a').reset('reverse');
    world.at(1.6);
    client.answer(502);
    expect(world.end()[0]).toMatchObject({ resolver: undefined, attempts: { length: 1 } });
  });
});

describe('how sure it is', () => {
  /** Its first attempt is reset after 1 ms and the second one made after 1.3; another request has its one attempt refused meanwhile. */
  const hidden = (world: World, refusedAt: number): void => {
    const client = world.at(0).client('/a');
    const first = world.at(0.1).attempt('10.0.0.7:8080').accept().ask('/a');
    const another = (): void => {
      const other = world.at(refusedAt - 0.05).client('/b');
      world.at(refusedAt).attempt('10.0.0.9:8080').refuse();
      world.at(refusedAt + 0.05);
      other.answer(502);
    };
    if (refusedAt < 1) another();
    world.at(1);
    first.reset('reverse');
    if (refusedAt > 1) another();
    const second = world.at(1.3).attempt('10.0.0.8:8080').accept().ask('/a');
    world.at(2);
    second.answer(200);
    client.answer(200);
  };

  test('a hidden failure has the rivals that could have come between it and the next attempt', () => {
    const world = new World();
    hidden(world, 1.1);
    expect(world.end().find(({ kind }) => kind === 'masked')?.rivals).toBeGreaterThan(0);
  });

  test('what failed before it did is no rival of a hidden failure', () => {
    const world = new World();
    hidden(world, 0.5);
    expect(world.end().find(({ kind }) => kind === 'masked')?.rivals).toBe(0);
  });

  test('losses count from the beginning of the request to its answer', () => {
    const world = new World();
    world.station.loss(0, 100);
    const client = world.at(10).client('/a');
    world.station.loss(11e6, 2);
    world.station.loss(12e6, 3);
    world.at(13);
    client.answer(502);
    world.station.loss(14e6, 100);
    expect(world.end()[0]?.losses).toBe(5);
  });

  test('losses within a millisecond count together, for whoever was under way at one of them', () => {
    const world = new World();
    const [first, second] = [world.at(0).client('/a'), world.client('/b')];
    world.station.loss(1e6, 2);
    world.at(1.2);
    first.answer(502);
    world.station.loss(1.5e6, 3);
    const late = world.at(1.8).client('/c');
    world.at(5);
    second.answer(502);
    late.answer(502);
    expect(world.end().map(({ exchange, losses }) => [exchange.request?.target, losses])).toEqual([
      ['/a', 5],
      ['/b', 5],
      ['/c', 0],
    ]);
  });

  test('more losses than are kept one by one are still all counted', () => {
    const world = new World();
    const client = world.at(0).client('/a');
    for (let n = 1; n <= 3000; n++) world.station.loss(n * 1e5, 2);
    world.at(400);
    client.answer(502);
    world.at(500);
    const later = world.client('/b');
    world.at(501);
    later.answer(502);
    expect(world.end().map(({ losses }) => losses)).toEqual([6000, 0]);
  });

  test('a loss told late keeps its time, also where it is kept with its neighbour', () => {
    const world = new World();
    const early = world.at(0).client('/early');
    world.at(1);
    early.answer(502);
    const late = world.at(50).client('/late');
    for (let n = 1; n <= 3000; n++) world.station.loss(n % 2 === 0 ? 0.5e6 : 60e6, 1);
    world.at(70);
    late.answer(502);
    const [first, second] = world.end().map(({ losses }) => losses);
    expect(first).toBeGreaterThanOrEqual(1500);
    expect(second).toBeGreaterThanOrEqual(1500);
  });

  test.each([
    ['before', 9, false],
    ['meanwhile', 12, true],
    ['soon after', 14, true],
  ])('requests were left out %s', (_, at, leftOut) => {
    const world = new World();
    const client = world.at(10).client('/a');
    world.station.leftOut(at * 1e6, '10.0.0.1:80', 2);
    world.at(13);
    client.answer(502);
    expect(world.end()[0]?.leftOut).toBe(leftOut);
  });

  test('an attempt that names its request is tied for sure, one without a request by its time', () => {
    const world = new World();
    const client = world.at(0).client('/a');
    world.at(0.1).attempt('10.0.0.7:8080').refuse();
    world.at(0.3).attempt('10.0.0.8:8080').accept().ask('/a').reset('reverse');
    world.at(0.5);
    client.answer(502);
    const [first, second] = world.end()[0]?.attempts ?? [];
    expect(first).toMatchObject({ n: 1, link: 'timing' });
    expect(first?.margin).toBeLessThan(Number.POSITIVE_INFINITY);
    expect(second).toMatchObject({ n: 2, link: 'identity', margin: Number.POSITIVE_INFINITY });
  });
});

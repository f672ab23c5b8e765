import { describe, expect, test } from 'vitest';
import { endpoint } from '../../src/model/endpoint.ts';
import { MILLISECOND, SECOND } from '../../src/model/time.ts';
import { World } from '../kit/world.ts';

/** Peers of each incident in order, by link. */
function story(world: World): string[] {
  return world
    .end()
    .map(({ kind, exchange, attempts }) =>
      [kind, exchange.request?.target, ...attempts.map(({ peer, link }) => `${peer.text} ${link}`)].join(' | '),
    );
}

describe('an attempt that shows its request', () => {
  test('is tied to the one open request with its method and target', () => {
    const world = new World();
    const client = world.at(0).client('/shop/a?id=1');
    const upstream = world.at(0.1).attempt('10.0.0.7:8080').accept().ask('/shop/a?id=1');
    world.at(2);
    upstream.reset('reverse');
    world.at(2.1);
    client.answer(502);
    expect(story(world)).toEqual(['incident | /shop/a?id=1 | 10.0.0.7:8080 identity']);
  });

  test('is tied by FastCGI parameters although the target was rewritten', () => {
    const world = new World();
    const client = world.at(0).client('/shop/a');
    const downstream = {
      clientAddress: '203.0.113.9',
      clientPort: 40_000,
      serverAddress: '10.0.0.1',
      serverPort: 80,
    };
    const upstream = world.at(0.1).attempt('10.0.0.7:9000').accept();
    upstream.ask('/index.php', { protocol: 'fastcgi', downstream });
    world.at(5);
    upstream.reset('reverse');
    client.answer(502);
    expect(story(world)).toEqual(['incident | /shop/a | 10.0.0.7:9000 identity']);
  });

  test("from an address that is not the gateway is nobody else's attempt", () => {
    const world = new World();
    const client = world.at(0).client('/health');
    world.open(endpoint('203.0.113.50', 5000), endpoint('10.0.0.2', 80)).accept().ask('/health').reset('reverse');
    world.at(1);
    client.answer(502);
    expect(story(world)).toEqual(['incident | /health']);
  });
});

describe('an attempt that shows nothing', () => {
  test('is tied to the only request that waits', () => {
    const world = new World();
    const client = world.at(0).client('/a');
    world.at(0.1).attempt('10.0.0.7:8080').refuse();
    world.at(0.2);
    client.answer(502);
    expect(story(world)).toEqual(['incident | /a | 10.0.0.7:8080 timing']);
  });

  test('goes to the location that uses its peer, not to the nearest request', () => {
    const world = new World();
    for (let i = 0; i < 8; i++) {
      const ms = i * 10;
      const client = world.at(ms).client(`/down?${i}`);
      world
        .at(ms + 0.1)
        .attempt('10.0.0.7:8080')
        .refuse();
      world.at(ms + 0.2);
      client.answer(502);
      const other = world.at(ms + 5).client(`/config?${i}`);
      world.at(ms + 5.1);
      other.answer(502);
    }
    const first = world.at(100).client('/down?x');
    const second = world.at(100.05).client('/config?x');
    world.at(100.1).attempt('10.0.0.7:8080').refuse();
    world.at(100.15);
    second.answer(502);
    world.at(100.2);
    first.answer(502);
    const last = story(world).slice(-2);
    expect(last).toEqual(['incident | /config?x', 'incident | /down?x | 10.0.0.7:8080 timing']);
  });

  test('refused, then the next peer answers: a masked failure', () => {
    const world = new World();
    const client = world.at(0).client('/a?1');
    world.at(0.1).attempt('10.0.0.7:8080').refuse();
    const upstream = world.at(0.15).attempt('10.0.0.8:8080').accept().ask('/a?1');
    world.at(1);
    upstream.answer(200);
    world.at(1.1);
    client.answer(200);
    expect(story(world)).toEqual(['masked | /a?1 | 10.0.0.7:8080 timing | 10.0.0.8:8080 identity']);
  });

  test('a SYN that nobody answers belongs to the request answered when the kernel gave up', () => {
    const world = new World();
    const client = world.at(0).client('/a?1');
    world.at(0.1).attempt('10.0.0.7:8080');
    world.at(3000);
    client.answer(502);
    expect(story(world)).toEqual(['incident | /a?1 | 10.0.0.7:8080 timing']);
  });
});

describe('no live upstreams', () => {
  test('is concluded when every peer of the location failed before, with the chain', () => {
    const world = new World();
    const client = world.at(0).client('/a?1');
    world.at(0.1).attempt('10.0.0.7:8080').accept().ask('/a?1').reset('reverse');
    world.at(0.2).attempt('10.0.0.8:8080').accept().ask('/a?1').reset('reverse');
    world.at(0.3);
    client.answer(502);
    const next = world.at(500).client('/a?2');
    world.at(500.1);
    next.answer(502);
    const incident = world.end()[1];
    expect(incident?.attempts).toEqual([]);
    expect(incident?.noLive?.chain.map(({ id, peer }) => `${id} ${peer}`)).toEqual([
      'i-1 10.0.0.7:8080',
      'i-1 10.0.0.8:8080',
    ]);
  });

  test('is not concluded for a group of one, which nginx never disables', () => {
    const world = new World();
    const client = world.at(0).client('/a?1');
    world.at(0.1).attempt('10.0.0.7:8080').accept().ask('/a?1').reset('reverse');
    client.answer(502);
    world.at(500).client('/a?2').answer(502);
    expect(world.end()[1]?.noLive).toBeUndefined();
  });
});

describe('a gateway behind a gateway', () => {
  test('each 502 is told once, and the outer one names the inner one as its next hop', () => {
    const world = new World();
    const inner = endpoint('10.0.0.2', 8080);
    for (const [ms, status] of [
      [0, 200],
      [10, 200],
      [20, 502],
    ] as const) {
      const client = world.at(ms).client(`/a?${ms}`);
      const hop = world
        .at(ms + 0.1)
        .open(endpoint(world.gateway.address, 50_000 + ms), inner)
        .accept()
        .ask(`/a?${ms}`);
      const app = world
        .at(ms + 0.2)
        .open(endpoint(inner.address, 60_000 + ms), endpoint('10.0.0.3', 3000))
        .accept();
      app.ask(`/a?${ms}`);
      world.at(ms + 1);
      if (status === 200) app.answer(200);
      else app.reset('reverse');
      world.at(ms + 1.1);
      hop.answer(status);
      world.at(ms + 1.2);
      client.answer(status);
    }
    const [first, second, ...more] = world.end();
    expect(more).toEqual([]);
    expect([first?.gateway.text, second?.gateway.text]).toEqual(['10.0.0.2:8080', '10.0.0.1:80']);
    expect(second?.nextHop).toBe(first?.id);
  });

  test('an application that answers 502 by itself is no gateway', () => {
    const world = new World();
    const client = world.at(0).client('/a?1');
    const app = world.at(0.1).attempt('10.0.0.7:8080').accept().ask('/a?1');
    world.at(1);
    app.answer(502);
    world.at(1.1);
    client.answer(502);
    expect(story(world)).toEqual(['incident | /a?1 | 10.0.0.7:8080 identity']);
  });
});

describe('the settle window', () => {
  test('an incident is told once capture time has passed, not before', () => {
    const world = new World({ settle: 250 * MILLISECOND });
    const client = world.at(0).client('/a?1');
    world.at(1);
    client.answer(502);
    world.at(200);
    expect(world.incidents).toHaveLength(0);
    world.at(252);
    expect(world.incidents).toHaveLength(1);
    world.at(SECOND / MILLISECOND);
    expect(world.incidents).toHaveLength(1);
  });

  test('in a crowd of requests that nobody answers, each 502 has its attempt, and so has one that comes later', () => {
    const world = new World({ settle: SECOND });
    for (let n = 0; n < 300; n++) world.at(0).client(`/poll?${n}`);
    const quick = Array.from({ length: 150 }, (_, n) => `/quick?${n}`);
    for (const [n, target] of quick.entries()) {
      const client = world.at(1000 + n).client(target);
      world
        .at(1000 + n + 0.1)
        .attempt('10.0.0.7:8080')
        .refuse();
      world.at(1000 + n + 0.2);
      client.answer(502);
    }
    const late = world.at(2499.8).client('/late');
    world.at(2499.9).attempt('10.0.0.9:8080').refuse();
    world.station.tick(2.5 * SECOND);
    world.at(2500.1);
    late.answer(502);
    expect(story(world)).toEqual([
      ...quick.map((target) => `incident | ${target} | 10.0.0.7:8080 timing`),
      'incident | /late | 10.0.0.9:8080 timing',
    ]);
  });

  test('a request that waits longer than many windows keeps the attempt that failed when it began', () => {
    const world = new World();
    const slow = world.at(0).client('/slow');
    world.at(0.1).attempt('10.0.0.7:8080').refuse();
    const retry = world.at(0.2).attempt('10.0.0.8:8080').accept().ask('/slow');
    for (let n = 1; n < 20; n++) {
      const other = world.at(n * 200).client(`/quick?${n}`);
      world
        .at(n * 200 + 0.1)
        .attempt('10.0.0.7:8080')
        .refuse();
      world.at(n * 200 + 0.2);
      other.answer(502);
      world.station.tick(n * 200 * MILLISECOND + 100 * MILLISECOND);
    }
    world.at(5000);
    retry.reset('reverse');
    world.at(5000.1);
    slow.answer(502);
    const told = story(world);
    expect(told).toHaveLength(20);
    expect(told.slice(0, -1)).toEqual(
      Array.from({ length: 19 }, (_, n) => `incident | /quick?${n + 1} | 10.0.0.7:8080 timing`),
    );
    expect(told.at(-1)).toBe('incident | /slow | 10.0.0.7:8080 timing | 10.0.0.8:8080 identity');
  });
});

test('requests that were left out are counted once their server shows to be a gateway', () => {
  const world = new World();
  world.station.leftOut(0, '10.0.0.1:80', 5);
  world.station.leftOut(0, '10.0.0.7:8080', 5);
  expect(world.station.counters.requests).toBe(0);
  const client = world.at(0).client('/a');
  world.at(0.1).attempt('10.0.0.7:8080').accept().ask('/a').reset('reverse');
  world.at(0.2);
  client.answer(502);
  world.end();
  expect(world.station.counters.requests).toBe(6);
  world.station.leftOut(1, '10.0.0.1:80', 2);
  expect(world.station.counters.requests).toBe(8);
});

describe('subrequests', () => {
  test('a mirror that fails beside a good answer hides nothing', () => {
    const world = new World();
    const client = world.at(0).client('/a?1');
    const main = world.at(0.1).attempt('10.0.0.7:8080').accept().ask('/a?1');
    const mirror = world.at(0.12).attempt('10.0.0.9:8080').accept();
    mirror.reset('reverse');
    world.at(1);
    main.answer(200);
    world.at(1.1);
    client.answer(200);
    expect(story(world)).toEqual([]);
  });
});

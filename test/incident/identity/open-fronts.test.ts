import { describe, expect, test } from 'vitest';
import { attach, type Front } from '../../../src/incident/front.ts';
import { type Naming, OpenFronts } from '../../../src/incident/identity/open-fronts.ts';
import { endpoint } from '../../../src/model/endpoint.ts';
import { type AttemptPlan, exchange } from '../../kit/incidents.ts';
import { front, use } from '../facets.ts';

const everyone = (): boolean => true;
const FIRST = endpoint('203.0.113.1', 1001);
const SECOND = endpoint('203.0.113.2', 1002);

function open(...fronts: readonly Front[]): OpenFronts {
  const all = new OpenFronts();
  for (const one of fronts) all.add(one);
  return all;
}

function named(fronts: readonly Front[], plan: AttemptPlan, admissible: (front: Front) => boolean = everyone): Naming {
  return open(...fronts).namedBy(exchange(plan), admissible);
}

const asking = (target: string, method = 'GET'): AttemptPlan => ({ request: { target, method } });

describe('an attempt names its request', () => {
  const list = front({ request: { target: '/shop/list?id=1' } });
  const other = front({ request: { target: '/shop/other?id=2' } });

  test('by method and target', () => {
    expect(named([list, other], asking('/shop/list?id=1'))).toEqual({ fronts: [list], how: 'only' });
  });

  test('by the last segment and the query, where the prefix was rewritten: never for sure', () => {
    expect(named([list, other], asking('/internal/list?id=1'))).toEqual({ fronts: [list], how: 'many' });
    expect(named([list, other], asking('/internal/list?id=3')).how).toBe('none');
  });

  test('by the path alone, where the query or the method are left out: never for sure', () => {
    expect(named([list, other], asking('/shop/list'))).toEqual({ fronts: [list], how: 'many' });
    expect(named([list, other], asking('/shop/list?id=1', 'POST'))).toEqual({ fronts: [list], how: 'many' });
  });

  test('with nothing, where it shows no request', () => {
    expect(named([list, other], { request: undefined })).toEqual({ fronts: [], how: 'none' });
  });

  test('only among those that it may be made for', () => {
    expect(named([list], asking('/shop/list?id=1'), () => false).how).toBe('none');
  });
});

describe('an attempt with the parameters of its downstream connection', () => {
  const params = (target: string, { address, port } = FIRST): AttemptPlan => {
    const downstream = { clientAddress: address, clientPort: port, serverAddress: '10.0.0.1', serverPort: 80 };
    return { protocol: 'fastcgi', request: { target, downstream } };
  };

  test('names its client’s request, whatever the target became', () => {
    const one = front({ client: FIRST, request: { target: '/a' } });
    const other = front({ client: SECOND, request: { target: '/a' } });
    expect(named([one, other], params('/index.php'))).toEqual({ fronts: [one], how: 'only' });
  });

  test('of a client with several open requests names the one with its target', () => {
    const one = front({ client: FIRST, request: { target: '/a' } });
    const other = front({ client: FIRST, request: { target: '/b' } });
    expect(named([one, other], params('/b'))).toEqual({ fronts: [other], how: 'only' });
    expect(named([one, other], params('/index.php')).how).toBe('many');
  });

  test('of a client that nobody knows is named by its target', () => {
    const one = front({ client: SECOND, request: { target: '/a' } });
    expect(named([one], params('/a'))).toEqual({ fronts: [one], how: 'only' });
  });
});

describe('of several requests with the same name', () => {
  const busy = (): Front => {
    const one = front({ client: FIRST });
    attach(one, { ...use(), named: true, fixed: true });
    return one;
  };

  test('each may be meant', () => {
    const both = [front({ client: FIRST }), front({ client: SECOND })];
    expect(named(both, {})).toEqual({ fronts: both, how: 'many' });
  });

  test('the one without an attempt under way is meant: a gateway makes them one after the other', () => {
    const free = front({ client: SECOND });
    expect(named([busy(), free], {})).toEqual({ fronts: [free], how: 'free' });
  });

  test('an attempt that is over keeps nobody from being meant', () => {
    const done = front({ client: FIRST });
    attach(done, { ...use({ server: 'rst' }), named: true, fixed: true });
    expect(named([done, front({ client: SECOND })], {}).how).toBe('many');
  });

  test('where all have an attempt under way, each may be meant', () => {
    expect(named([busy(), busy()], {})).toMatchObject({ how: 'many', fronts: { length: 2 } });
  });
});

test('a request that was answered is named by nobody', () => {
  const one = front();
  const other = front({ request: { target: '/b' } });
  const all = open(one, other);
  all.remove(one);
  all.remove(one);
  expect(all.namedBy(exchange(), everyone).how).toBe('none');
  expect(all.filter(everyone)).toEqual([other]);
  expect(all.size).toBe(1);
});

test('an exchange without a request is nobody’s front', () => {
  const all = open({ ...front(), exchange: exchange({ request: undefined }) });
  expect(all.size).toBe(0);
});

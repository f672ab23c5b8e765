import { expect, test } from 'vitest';
import { knownGateways, listening, namedGateways } from '../../src/commands/gateways.ts';
import { endpoint } from '../../src/model/endpoint.ts';
import type { Listener } from '../../src/sources/machine/listeners.ts';

const listener = (address: string, port: number, ...names: string[]): Listener => ({
  at: endpoint(address, port),
  processes: names.map((name, n) => ({ pid: 100 + n, name })),
});
const ALL = [
  listener('127.0.0.1', 8080, 'nginx', 'nginx'),
  listener('0.0.0.0', 80, 'nginx'),
  listener('127.0.0.1', 9000, 'php-fpm8.2'),
];

test('a process is found by its listeners; one that listens everywhere, at every address', () => {
  const found = namedGateways([{ process: 'nginx' }, { endpoint: '10.9.9.9:80' }], () => ALL);
  expect(found).toEqual(expect.arrayContaining(['127.0.0.1:8080', '127.0.0.1:80', '10.9.9.9:80']));
  expect(namedGateways([{ process: '100' }], () => ALL)).toContain('127.0.0.1:9000');
});

test('a name that nobody has is told with those that there are', () => {
  expect(namedGateways([{ process: 'apache2' }], () => ALL)).toMatchObject({
    wrong: expect.stringContaining('apache2'),
    remedy: 'Those that do: nginx, php-fpm8.2.',
  });
  const unseen = (root: boolean) => namedGateways([{ process: 'nginx' }], () => [listener('0.0.0.0', 80)], root);
  expect(unseen(false)).toMatchObject({ remedy: expect.stringContaining('sudo') });
  expect(unseen(true)).toMatchObject({ remedy: expect.stringMatching(/another container: name an address/) });
  const none = namedGateways([{ process: 'nginx' }], () => []);
  expect(none).toMatchObject({ remedy: expect.stringMatching(/^Nothing listens here[.]/) });
});

test('without names nothing is looked up', () => {
  const never = (): never => expect.fail('looked up');
  expect(namedGateways([{ endpoint: '10.0.0.1:80' }], never)).toEqual(['10.0.0.1:80']);
});

test('programs that pass requests on are known by name', () => {
  const addresses = ['127.0.0.1', '10.0.0.1'];
  expect(knownGateways(ALL, addresses)).toEqual([
    { at: '127.0.0.1:8080', who: 'nginx 100 +1', reachable: ['127.0.0.1:8080'] },
    { at: '0.0.0.0:80', who: 'nginx 100', reachable: ['127.0.0.1:80', '10.0.0.1:80'] },
  ]);
  expect(knownGateways([])).toEqual([]);
});

test('workers that each listen at the same address are one gateway', () => {
  const workers = [listener('10.0.0.1', 80, 'haproxy'), listener('10.0.0.1', 80, 'haproxy', 'haproxy')];
  expect(knownGateways(workers)).toMatchObject([{ at: '10.0.0.1:80', who: 'haproxy 100' }]);
});

test('who listens at each endpoint, with how many more of its kind; where it listens everywhere, at every address', () => {
  expect(listening(ALL, ['127.0.0.1', '10.0.0.1'])).toEqual(
    new Map([
      ['127.0.0.1:8080', 'nginx 100 +1'],
      ['127.0.0.1:80', 'nginx 100'],
      ['10.0.0.1:80', 'nginx 100'],
      ['127.0.0.1:9000', 'php-fpm8.2 100'],
    ]),
  );
  expect(listening([listener('127.0.0.1', 22)], [])).toEqual(new Map());
});

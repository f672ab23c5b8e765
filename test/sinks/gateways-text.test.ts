import { expect, test } from 'vitest';
import { type GatewayAt, gatewayLines, gatewayWords } from '../../src/sinks/gateways-text.ts';

const NGINX = 'nginx 812 +4';
const [ONE, TWO, OTHER, NOBODYS]: readonly [GatewayAt, GatewayAt, GatewayAt, GatewayAt] = [
  { at: '10.0.0.1:80', who: NGINX },
  { at: '[::1]:80', who: NGINX },
  { at: '10.0.0.1:443', who: 'haproxy 9' },
  { at: '10.0.0.9:80', who: '' },
];

test('those of the same processes are told in one line, each of them', () => {
  expect(gatewayLines([ONE, OTHER, TWO, NOBODYS])).toEqual([
    'nginx 812 +4 at 10.0.0.1:80, [::1]:80',
    'haproxy 9 at 10.0.0.1:443',
    '10.0.0.9:80',
  ]);
  expect(gatewayLines([])).toEqual([]);
});

test('more of the same processes than a line is for are counted', () => {
  const many = Array.from({ length: 12 }, (_, n) => ({ at: `10.0.0.1:${8000 + n}`, who: NGINX }));
  expect(gatewayLines(many)).toEqual([expect.stringMatching(/^nginx 812 [+]4 at 10[.]0[.]0[.]1:8000, .* and 4 more$/)]);
});

test('with less room the processes go first, then all but one', () => {
  expect(gatewayWords([ONE, TWO])).toEqual([
    'nginx 812 +4 at 10.0.0.1:80, [::1]:80',
    '10.0.0.1:80, [::1]:80',
    '10.0.0.1:80 +1',
  ]);
  expect(gatewayWords([ONE])).toEqual(['nginx 812 +4 at 10.0.0.1:80', '10.0.0.1:80']);
  expect(gatewayWords([NOBODYS])).toEqual(['10.0.0.9:80']);
  expect(gatewayWords([])).toEqual([]);
});

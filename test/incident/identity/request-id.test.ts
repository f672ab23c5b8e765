import { expect, test } from 'vitest';
import { requestIdOf } from '../../../src/incident/identity/request-id.ts';
import type { RequestFacts } from '../../../src/model/exchange.ts';
import { World } from '../../kit/world.ts';

const facts = (name: string, value: string): RequestFacts =>
  ({ mayBearId: true, fields: [{ name, value }] }) as unknown as RequestFacts;

test('a request id is found whatever its case, and as a CGI parameter', () => {
  expect(requestIdOf(facts('X-Request-ID', 'a1b2c3d4e5'))).toBe('a1b2c3d4e5');
  expect(requestIdOf(facts('HTTP_X_REQUEST_ID', 'a1b2c3d4e5'))).toBe('a1b2c3d4e5');
  expect(requestIdOf(facts('traceparent', '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'))).toBeDefined();
});

test('a short value names nothing', () => {
  expect(requestIdOf(facts('X-Request-ID', '17'))).toBeUndefined();
  expect(requestIdOf(facts('User-Agent', 'curl/8.5.0'))).toBeUndefined();
});

test('of two open requests with one target the id tells which is meant', () => {
  const world = new World();
  const field = (value: string) => [{ name: 'X-Request-ID', value }];
  const first = world.at(0).client('/hot', { fields: field('request-one') });
  const second = world.at(0.01).client('/hot', { fields: field('request-two') });
  const upstream = world.at(0.1).attempt('10.0.0.7:8080').accept();
  upstream.ask('/hot', { fields: field('request-one') }).reset('reverse');
  world.at(0.2);
  second.answer(200);
  first.answer(502);
  const [incident] = world.end();
  expect(incident?.exchange.client.text).toBe(first.connection.active.text);
  expect(incident?.attempts.map(({ link }) => link)).toEqual(['identity']);
});

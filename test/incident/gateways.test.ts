import { expect, test } from 'vitest';
import { Gateways } from '../../src/incident/gateways.ts';
import { endpoint } from '../../src/model/endpoint.ts';
import { connection, exchange, moment } from '../kit/incidents.ts';
import { front } from './facets.ts';

const gateway = endpoint('203.0.113.1', 443);
const peer = endpoint('10.0.0.7', 8080);
const inner = endpoint('10.0.0.5', 80);

test('an endpoint that only serves attempts is a peer', () => {
  const gateways = new Gateways([]);
  expect(gateways.isPeer(peer)).toBe(false);
  gateways.learn(gateway, peer, endpoint('10.0.0.1', 4000));
  expect(gateways.isPeer(peer)).toBe(true);
  expect(gateways.isPeer(gateway)).toBe(false);
});

test('a gateway behind a gateway is both', () => {
  const gateways = new Gateways([]);
  gateways.learn(gateway, inner, endpoint('10.0.0.1', 4000));
  gateways.learn(inner, peer, endpoint('10.0.0.1', 4000));
  expect(gateways.isPeer(inner)).toBe(false);
  expect(gateways.mayServe(inner)).toBe(true);
  expect(gateways.mayServe(gateway)).toBe(false);
});

test('where a gateway was seen to answer, whoever connects is its client', () => {
  const gateways = new Gateways([]);
  expect(gateways.mayServe(gateway)).toBe(true);
  gateways.answersThere(gateway);
  expect(gateways.mayServe(gateway)).toBe(false);
  expect(gateways.isGateway(gateway)).toBe(true);
});

test('configured gateways narrow', () => {
  const gateways = new Gateways(['203.0.113.1:443']);
  expect(gateways.mayForward(gateway)).toBe(true);
  expect(gateways.mayForward(inner)).toBe(false);
});

test("another address is believed to be the gateway's after it repeated three different open targets", () => {
  const gateways = new Gateways([]);
  const source = endpoint('10.0.0.1', 50_000);
  for (const target of ['/a', '/a', '/a', '/b']) gateways.suspect(gateway, source, target);
  expect(gateways.mayComeFrom(gateway, source)).toBe(false);
  gateways.suspect(gateway, source, '/c');
  expect(gateways.mayComeFrom(gateway, source)).toBe(true);
});

test("on a gateway's own host any address may be the source", () => {
  const gateways = new Gateways([]);
  expect(gateways.mayComeFrom(endpoint('127.0.0.1', 80), endpoint('10.1.2.3', 4000))).toBe(true);
  expect(gateways.mayComeFrom(endpoint('::1', 80), endpoint('127.0.0.1', 4000))).toBe(true);
  expect(gateways.mayComeFrom(gateway, { address: 'unix:', port: 0, text: 'unix:#7' })).toBe(true);
});

test('two addresses of one gateway have one name once they reach the same peer from the same address', () => {
  const gateways = new Gateways([]);
  const v6 = endpoint('2001:db8::1', 443);
  const source = endpoint('10.0.0.1', 4000);
  gateways.learn(gateway, peer, source);
  gateways.learn(v6, peer, source);
  expect(gateways.nameOf(v6)).toBe(gateways.nameOf(gateway));
  expect(gateways.nameOf(inner)).not.toBe(gateways.nameOf(gateway));
  expect(gateways.nameOf(endpoint('127.0.0.1', 80))).toBe(gateways.nameOf(endpoint('::1', 80)));
});

test('two servers do not make attempts at each other: the commoner direction is believed', () => {
  const gateways = new Gateways([]);
  const source = endpoint('10.0.0.1', 4000);
  gateways.learn(peer, gateway, source);
  expect(gateways.mayMake(gateway, peer)).toBe(false);
  expect(gateways.isPeer(peer)).toBe(false);
  for (let n = 0; n < 2; n++) gateways.learn(gateway, peer, source);
  expect(gateways.mayMake(gateway, peer)).toBe(true);
  expect(gateways.mayMake(peer, gateway)).toBe(false);
  expect(gateways.isPeer(peer)).toBe(true);
  expect(gateways.mayServe(gateway)).toBe(false);
});

test('what was said on a unix socket before a request was asked is not about it, however late it is told', () => {
  const gateways = new Gateways([]);
  const client = { address: 'unix:', port: 0, text: 'unix:#7' };
  const said = (ms: number) =>
    exchange({
      connection: connection({ transport: 'unix' }),
      request: { start: { at: moment(ms).at, frame: moment(9).frame } },
      exchange: { client },
    });
  const asked = front();
  expect(gateways.couldHaveSent(asked, said(0.2))).toBe(true);
  expect(gateways.couldHaveSent(asked, said(-0.3))).toBe(false);
});

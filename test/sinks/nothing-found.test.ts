import { expect, test } from 'vitest';
import { alsoHiddenByTls, nothingFound } from '../../src/sinks/nothing-found.ts';

function told(counters: Record<string, number>, over: { requests?: number; gateways?: string[] } = {}): string {
  return nothingFound({ frames: 1322, requests: 0, gateways: [], counters, ...over }).join(' ');
}

test('a capture without packets is empty', () => {
  expect(nothingFound({ frames: 0, requests: 0, gateways: [], counters: {} })).toEqual([
    'The capture is empty: it holds no packets.',
  ]);
});

test('requests without a 502 are told apart from no requests', () => {
  expect(told({}, { requests: 9 })).toBe('No gateway in this capture answered a client with 502.');
  expect(told({})).toMatch(
    /^No HTTP request was seen in 1,322 frames[.] Was it captured where clients reach the gateway/,
  );
});

test('packets that were cut are named, with the option that keeps them whole', () => {
  expect(told({ 'wire.cut': 158, 'wire.shortened': 316 })).toMatch(
    /^No HTTP request was seen: of 474 of 1,322 frames only the beginning was captured[.] .* -s 0 /,
  );
});

test('cut packets are not blamed where HTTP could be read', () => {
  expect(told({ 'protocols.recognised.http/1': 1, 'wire.shortened': 316 })).toBe(
    'HTTP was seen on 1 connection, but no request with its answer.',
  );
});

test('a capture of one direction is named', () => {
  expect(told({ 'protocols.recognised.http/1': 44, 'connections.lost': 33_936 })).toMatch(
    /^HTTP was seen on 44 connections, but no request with its answer: 33,936 octets .* only one direction/,
  );
});

test('a gateway that nobody asked is named, and how to have it found', () => {
  expect(told({ 'protocols.recognised.http/1': 90 }, { gateways: ['1.2.3.4:80'] })).toBe(
    'No request to 1.2.3.4:80 was seen, but HTTP on 90 connections. Leave --gateway out, and the gateway is found in the traffic.',
  );
});

test('what TLS hides is told, with requests and without', () => {
  expect(told({ 'protocols.recognised.tls': 8 })).toMatch(
    /^No HTTP request .* 8 connections spoke TLS, and a 502 inside is not seen/,
  );
  expect(told({ 'protocols.recognised.tls': 1 }, { requests: 5 })).toMatch(/with 502[.] 1 connection spoke TLS/);
  expect(told({ 'protocols.recognised.tls': 2, 'incidents.unclaimed': 1 })).toContain(
    ' 1 attempt failed at peers for no request that could be read. 2 connections spoke TLS',
  );
  expect(told({ 'incidents.unclaimed': 1 })).not.toContain('TLS,');
});

test('requests inside TLS whose attempts failed are told as what they most likely are', () => {
  expect(told({ 'protocols.recognised.tls': 2, 'incidents.veiled': 7 }, { requests: 5 })).toContain(
    '7 requests inside TLS were answered right after an attempt had failed at a peer, most likely with a 502',
  );
});

test('where some 502s were found, TLS is named only if something is known to be hidden by it', () => {
  const also = (counters: Record<string, number>): string => alsoHiddenByTls({ counters }).join(' ');
  expect(also({ 'protocols.recognised.tls': 2 })).toBe('');
  expect(also({ 'incidents.unclaimed': 3 })).toBe('');
  expect(also({ 'protocols.recognised.tls': 2, 'incidents.unclaimed': 3 })).toContain('3 attempts failed at peers');
  expect(also({ 'protocols.recognised.tls': 2, 'incidents.veiled': 1 })).toContain('1 request inside TLS was answered');
});

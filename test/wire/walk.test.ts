import { expect, test } from 'vitest';
import { octetsOf } from '../../src/model/octets.ts';
import { Walk } from '../../src/wire/walk.ts';

function walk(held: number, wireLength: number): Walk {
  const of = new Walk();
  of.aim({ ...octetsOf(new Uint8Array(100)), start: 10, end: 10 + held }, wireLength);
  return of;
}

test('octets that are held are held', () => {
  expect(walk(20, 20).holds(20, 'ipv4', 'header')).toBe(true);
});

test('octets that the wire had and the capture has not are cut; octets that nobody had are malformed', () => {
  const of = walk(20, 60);
  of.at += 14;
  expect(of.holds(20, 'ipv4', 'needs 20')).toBe(false);
  expect(of.malformed()).toEqual({ layer: 'ipv4', why: 'cut', offset: 14, text: 'needs 20' });
  expect(of.holds(50, 'tcp', 'needs 50')).toBe(false);
  expect(of.malformed()).toEqual({ layer: 'tcp', why: 'malformed', offset: 14, text: 'needs 50' });
});

test('a wire length less than what is held is not believed', () => {
  expect(walk(20, 3).wireEnd).toBe(30);
});

test('narrowing never makes more octets held than there are', () => {
  const of = walk(20, 60);
  of.narrow(50);
  expect([of.end, of.wireEnd]).toEqual([30, 50]);
  of.narrow(25);
  expect([of.end, of.wireEnd]).toEqual([25, 25]);
});

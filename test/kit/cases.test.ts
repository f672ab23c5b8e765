import { expect, test } from 'vitest';
import { casesOf, gapped, logOf, scriptOf, split, textOctets } from './cases.ts';

test('a case is a heading, an octets block and a log block', () => {
  const markdown = '# File\n\n## One\n\nWhy.\n\n```octets\n> a\n```\n\n```log\nb\n```\n';
  expect(casesOf(markdown)).toEqual([{ title: 'One', line: 7, script: '> a\n', log: 'b' }]);
});

test('escapes stand for octets that a text file cannot hold', () => {
  expect([...textOctets('a\\r\\n\\0\\\\\\xFF')]).toEqual([0x61, 13, 10, 0, 0x5c, 255]);
});

test('lines tell who sends what: text, hexadecimal, repetition, gaps and closes', () => {
  const { midstream, acts, pieces } = scriptOf('midstream\n> ab\n>+hex 00 ff\n<x 3 z\n<gap 5 cut\n>FIN\n<RST\nforget');
  expect(midstream).toBe(true);
  expect(pieces).toBe(1);
  expect(acts).toEqual([
    { kind: 'octets', direction: 'forward', bytes: Uint8Array.of(0x61, 0x62, 0, 255) },
    { kind: 'octets', direction: 'reverse', bytes: Uint8Array.of(0x7a, 0x7a, 0x7a) },
    { kind: 'gap', direction: 'reverse', length: 5, why: 'cut' },
    { kind: 'fin', direction: 'forward' },
    { kind: 'rst', direction: 'reverse' },
    { kind: 'forget' },
  ]);
});

test('a line that means nothing is refused', () => {
  expect(() => scriptOf('? what')).toThrow('not a line of a case');
  expect(() => scriptOf('>+ more')).toThrow('nothing to add to');
});

test('pieces of a frame share its moment', () => {
  const script = scriptOf('> GET / HTTP/1.1\\r\\n\\r\\n\n< HTTP/1.1 204 No\\r\\n\\r\\n');
  const pieces = split(script, 5);
  expect(pieces.acts).toHaveLength(8);
  expect(logOf(pieces)).toEqual(logOf(script));
});

test('a gap is made at every offset, of one octet and of the rest of the frame', () => {
  const holed = [...gapped(scriptOf('> abc\n< d'))];
  expect(holed).toHaveLength(8);
  expect(holed[2]?.acts).toMatchObject([
    { kind: 'octets', bytes: Uint8Array.of(0x61) },
    { kind: 'gap', length: 1, why: 'lost' },
    { kind: 'octets', bytes: Uint8Array.of(0x63) },
    { kind: 'octets', direction: 'reverse' },
  ]);
});

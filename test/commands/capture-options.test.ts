import { expect, test } from 'vitest';
import { captureConfig, isTime } from '../../src/commands/capture-options.ts';
import type { Given } from '../../src/commands/command.ts';

const capture = (values: Given['values'], ...words: string[]) => captureConfig({ values, words });

test('options become typed fields', () => {
  expect(capture({})).toEqual({ interfaces: [], ports: [], duration: undefined });
  expect(capture({ interface: ['lo', 'eth0'], port: ['80', '8080', '80'], duration: '90s' })).toEqual({
    interfaces: ['lo', 'eth0'],
    ports: [80, 8080],
    duration: '90s',
  });
});

test.each([
  ['a word', capture({}, 'a.pcap'), 'a.pcap'],
  ['a time that is none', capture({ duration: 'soon' }), 'soon'],
  ['a name that no interface can have', capture({ interface: ['a b'] }), 'a b'],
  ['a port that is none', capture({ port: ['http'] }), 'http'],
  ['port 0', capture({ port: ['0'] }), '--port 0'],
  ['more ports than the filter holds', capture({ port: Array.from({ length: 17 }, (_, n) => `${n + 1}`) }), '16'],
])('%s is a usage error with a remedy', (_, config, wrong) => {
  expect(config).toMatchObject({ wrong: expect.stringContaining(wrong), remedy: expect.stringMatching(/./) });
});

test('a time has a unit that the capture program knows', () => {
  expect(['250ms', '90s', '90', '2h', '1d'].every(isTime)).toBe(true);
  expect(['', 's', '1w', '-1s', '1.5h'].some(isTime)).toBe(false);
});

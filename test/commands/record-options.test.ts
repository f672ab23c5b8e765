import { expect, test } from 'vitest';
import type { Given } from '../../src/commands/command.ts';
import { recordConfig } from '../../src/commands/record-options.ts';

const MIB = 1024 * 1024;
const record = (values: Given['values'], ...words: string[]) => recordConfig({ values, words });
const O = { output: 'case.pcapng' };

test('without options everything is recorded, within a budget of memory and disk', () => {
  expect(record(O)).toEqual({
    interfaces: [],
    ports: [],
    duration: undefined,
    file: 'case.pcapng',
    budget: { cpu: undefined, mem: 100 * MIB, disk: 1024 * MIB },
    around: undefined,
  });
});

test('options become typed fields', () => {
  expect(record({ ...O, budget: 'cpu=2%,disk=5G', 'around-502': '30s' })).toMatchObject({
    budget: { cpu: 2, mem: 100 * MIB, disk: 5 * 1024 * MIB },
    around: 30e9,
  });
  expect(record({ ...O, budget: 'mem=20M', 'around-502': '500ms' })).toMatchObject({
    budget: { mem: 20 * MIB },
    around: 500e6,
  });
});

test.each([
  ['no file', record({}), 'needs a file'],
  ['standard output', record({ output: '-' }), 'needs a file'],
  ['a word', record(O, 'x'), 'x'],
  ['a limit of something else', record({ ...O, budget: 'net=1M' }), 'net=1M'],
  ['no share of a processor', record({ ...O, budget: 'cpu=1' }), 'cpu=1'],
  ['more than a processor', record({ ...O, budget: 'cpu=200%' }), 'cpu=200%'],
  ['a size that holds nothing', record({ ...O, budget: 'disk=10K' }), '4M'],
  ['a size that is none', record({ ...O, budget: 'mem=lots' }), 'mem=lots'],
  ['an empty budget', record({ ...O, budget: '' }), '--budget'],
  ['no time at all', record({ ...O, 'around-502': '0s' }), '0s'],
  ['a time that is none', record({ ...O, 'around-502': 'soon' }), 'soon'],
  ['too small a share to find 502s with', record({ ...O, budget: 'cpu=1%', 'around-502': '30s' }), 'cpu=1%'],
])('%s is a usage error with a remedy', (_, config, wrong) => {
  expect(config).toMatchObject({ wrong: expect.stringContaining(wrong), remedy: expect.stringMatching(/./) });
});

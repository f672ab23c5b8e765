import { expect, test } from 'vitest';
import type { Given } from '../../src/commands/command.ts';
import { liveConfig } from '../../src/commands/live-options.ts';

const live = (values: Given['values'], ...words: string[]) => liveConfig({ values, words });

test('without options everything that carries IP is captured until the user interrupts', () => {
  expect(live({})).toEqual({
    interfaces: [],
    duration: undefined,
    format: 'text',
    gateways: [],
    exitCode: false,
    showSecrets: false,
    colour: 'auto',
    all: false,
  });
});

test('options become typed fields', () => {
  expect(live({ interface: ['lo', 'eth0'], duration: '90s', format: 'ndjson' })).toMatchObject({
    interfaces: ['lo', 'eth0'],
    duration: '90s',
    format: 'ndjson',
  });
});

test.each([
  ['a word', live({}, 'a.pcap'), 'a.pcap'],
  ['one document of a run without an end', live({ format: 'json' }), 'json'],
  ['a time that is none', live({ duration: 'soon' }), 'soon'],
  ['a name that no interface can have', live({ interface: ['a b'] }), 'a b'],
  ['a gateway without a port', live({ gateway: ['10.0.0.1'] }), '10.0.0.1'],
])('%s is a usage error with a remedy', (_, config, wrong) => {
  expect(config).toMatchObject({ wrong: expect.stringContaining(wrong), remedy: expect.stringMatching(/./) });
});

import { expect, test } from 'vitest';
import type { Given } from '../../src/commands/command.ts';
import { liveConfig } from '../../src/commands/live-options.ts';

const live = (values: Given['values'], ...words: string[]) => liveConfig({ values, words });

test('without options everything that carries IP is captured until the user interrupts', () => {
  expect(live({})).toEqual({
    interfaces: [],
    ports: [],
    duration: undefined,
    engine: 'capture',
    format: 'text',
    gateways: [],
    tui: true,
    kernel: true,
    exitCode: false,
    showSecrets: false,
    colour: 'auto',
    all: false,
  });
});

test('options become typed fields', () => {
  expect(live({ gateway: ['nginx', '4711', '10.0.0.1:80'], format: 'ndjson' })).toMatchObject({
    gateways: [{ process: 'nginx' }, { process: '4711' }, { endpoint: '10.0.0.1:80' }],
    format: 'ndjson',
  });
});

test.each([
  ['a word', live({}, 'a.pcap'), 'a.pcap'],
  ['an engine that is none', live({ engine: 'libpcap' }), 'libpcap'],
  ['one document of a run without an end', live({ format: 'json' }), 'json'],
  ['a time that is none', live({ duration: 'soon' }), 'soon'],
  ['a gateway that is neither a process nor an address', live({ gateway: ['10.0.0.1:0'] }), '10.0.0.1:0'],
])('%s is a usage error with a remedy', (_, config, wrong) => {
  expect(config).toMatchObject({ wrong: expect.stringContaining(wrong), remedy: expect.stringMatching(/./) });
});

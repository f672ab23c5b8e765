import { expect, test } from 'vitest';
import { isUsageError } from '../../src/commands/command.ts';
import { COMMANDS, isCommand, NOT_YET } from '../../src/commands/registry.ts';

test('a command is one by its name only', () => {
  for (const name of Object.keys(COMMANDS)) expect(isCommand(name)).toBe(true);
  for (const name of ['analyse', 'toString', '', ...Object.keys(NOT_YET)]) expect(isCommand(name)).toBe(false);
});

test('each understands words of its own', () => {
  const words: Record<string, readonly string[]> = { live: [], analyze: ['a.pcap'], explain: ['connect-refused'] };
  for (const [name, command] of Object.entries(COMMANDS)) {
    expect(isUsageError(command.understand({ values: {}, words: words[name] ?? [] })), name).toBe(false);
    expect(isUsageError(command.understand({ values: { color: 'red' }, words: words[name] ?? [] })), name).toBe(true);
  }
});

import { expect, test } from 'vitest';
import { type Given, isUsageError } from '../../src/commands/command.ts';
import { COMMANDS, isCommand } from '../../src/commands/registry.ts';

test('a command is one by its name only', () => {
  for (const name of Object.keys(COMMANDS)) expect(isCommand(name)).toBe(true);
  for (const name of ['analyse', 'toString', '']) expect(isCommand(name)).toBe(false);
});

test('each understands words of its own', () => {
  const words: Record<string, readonly string[]> = { live: [], analyze: ['a.pcap'], explain: ['connect-refused'] };
  const needed: Record<string, Given['values']> = { record: { output: 'case.pcapng' } };
  for (const [name, command] of Object.entries(COMMANDS)) {
    expect(isUsageError(command.understand({ values: needed[name] ?? {}, words: words[name] ?? [] })), name).toBe(
      false,
    );
    expect(
      isUsageError(
        command.understand({
          values: { color: 'red' },
          words: ['record', 'doctor'].includes(name) ? ['x'] : (words[name] ?? []),
        }),
      ),
      name,
    ).toBe(true);
  }
});

import { describe, expect, test } from 'vitest';
import { helpText } from '../../src/commands/help.ts';
import { COMMANDS, type CommandName } from '../../src/commands/registry.ts';

describe('the help', () => {
  test.each([undefined, ...Object.keys(COMMANDS)])('of %s fits 80 columns', (topic) => {
    for (const line of helpText(topic).split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  test.each(Object.keys(COMMANDS) as CommandName[])('of %s names every option', (command) => {
    for (const name of Object.keys(COMMANDS[command].options)) expect(helpText(command)).toContain(`--${name}`);
  });

  test('of something unknown is that of the program', () => {
    expect(helpText('nonsense')).toBe(helpText(undefined));
  });
});

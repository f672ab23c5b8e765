import { expect, test } from 'vitest';
import { thisMachine } from '../../../src/commands/doctor/machine.ts';

const machine = thisMachine(process.env);

test('its files are read, and those that are not there are undefined', () => {
  expect(machine.text('/proc/self/status')).toContain('CapEff:');
  expect(machine.text('/nowhere')).toBeUndefined();
});

test('its programs are run, and those that are not there are no exception', () => {
  expect(machine.run(process.execPath, ['-e', 'console.error("x"); process.exit(3)'])).toEqual({
    code: 3,
    said: 'x\n',
  });
  expect(machine.run('/nowhere', [])).toEqual({ code: -1, said: '' });
});

test('it has a name and interfaces', () => {
  expect(machine.platform).toBe(process.platform);
  expect(machine.kernel).toMatch(/^\d+[.]\d+/);
  expect(Object.keys(machine.interfaces())).toContain('lo');
});

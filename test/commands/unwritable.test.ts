import { expect, test } from 'vitest';
import { unwritable } from '../../src/commands/unwritable.ts';

const failing = (code: string): Error => Object.assign(new Error(code), { code });

test.each(['ENOENT', 'ENOTDIR', 'EEXIST', 'EISDIR', 'EACCES', 'EPERM', 'EROFS', 'ELOOP', 'ENOSPC'])(
  '%s is told with the path, in words, and with what to do',
  (code) => {
    const line = unwritable(failing(code), '/srv/case.pcapng');
    expect(line).toMatch(/^\/srv\/case[.]pcapng cannot be written: [a-z].*[.] (?:Name|Make) .*[.]$/);
    expect(line).not.toContain(code);
  },
);

test('an error that nobody thought of is told by its code', () => {
  expect(unwritable(failing('EXDEV'), 'x')).toBe(
    'x cannot be written: EXDEV. Name one in a folder that you may write to.',
  );
});

test('a path that would steer the terminal does not', () => {
  expect(unwritable(failing('ENOENT'), 'a\x1b[2J')).not.toContain('\x1b');
});

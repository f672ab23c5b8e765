import { expect, test } from 'vitest';
import { identityAfter, ownerOf } from '../../../src/sources/capture/root.ts';

const NOBODY = { uid: 65_534, gid: 65_534 };

test('who is not root has nothing to give up', () => {
  expect(identityAfter(1000, { SUDO_UID: '1000', SUDO_GID: '1000' })).toBeUndefined();
  expect(identityAfter(undefined, {})).toBeUndefined();
});

test('root that sudo lent goes back to who called it', () => {
  expect(identityAfter(0, { SUDO_UID: '1000', SUDO_GID: '100' })).toEqual({ uid: 1000, gid: 100 });
});

test.each([
  ['without sudo', {}],
  ['called by root', { SUDO_UID: '0', SUDO_GID: '0' }],
  ['with half of it', { SUDO_UID: '1000' }],
  ['with something else', { SUDO_UID: '1000; id', SUDO_GID: '-1' }],
  ['with a number that is no id', { SUDO_UID: '4294967295', SUDO_GID: '9999999999' }],
])('root becomes nobody: %s', (_, env) => {
  expect(identityAfter(0, env)).toEqual(NOBODY);
});

test('what root makes for nobody stays root’s own; for who called sudo it is theirs', () => {
  expect(ownerOf(identityAfter(0, {}))).toBeUndefined();
  expect(ownerOf(identityAfter(0, { SUDO_UID: '1000', SUDO_GID: '100' }))).toEqual({ uid: 1000, gid: 100 });
});

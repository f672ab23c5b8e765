import { expect, test } from 'vitest';
import { assertNever } from '../../src/model/assert-never.ts';

test('a member of a union that no case handles is our bug, and names itself', () => {
  expect(() => assertNever({ kind: 'new' } as never)).toThrow('{"kind":"new"}');
});

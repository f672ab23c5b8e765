import { expect, test } from 'vitest';
import { STATIC_TABLE } from '../../../src/proto/http2/static-table.ts';

test('61 entries, in the order of RFC 7541 appendix A', () => {
  expect(STATIC_TABLE).toHaveLength(61);
  expect([STATIC_TABLE[1], STATIC_TABLE[13], STATIC_TABLE[60]]).toEqual([
    { name: ':method', value: 'GET' },
    { name: ':status', value: '500' },
    { name: 'www-authenticate', value: '' },
  ]);
});

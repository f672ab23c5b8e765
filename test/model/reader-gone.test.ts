import { expect, test } from 'vitest';
import { isReaderGone } from '../../src/model/reader-gone.ts';

test.each(['EPIPE', 'ECONNRESET'])('%s: the reader has gone', (code) => {
  expect(isReaderGone(Object.assign(new Error('write'), { code }))).toBe(true);
});

test('a full disk is another matter', () => {
  expect(isReaderGone(Object.assign(new Error('write'), { code: 'ENOSPC' }))).toBe(false);
  expect(isReaderGone(new Error('write'))).toBe(false);
});

import { expect, test } from 'vitest';
import { OUTSTANDING_LIMIT } from '../../../src/proto/http1/request-side.ts';
import { logOf, scriptOf } from '../../kit/cases.ts';

test('requests beyond the limit of outstanding ones are told, and answered as if they were no HEAD', () => {
  const log = logOf(
    scriptOf(
      `>x ${OUTSTANDING_LIMIT} GET / HTTP/1.1\\r\\n\\r\\n\n> HEAD / HTTP/1.1\\r\\n\\r\\n\n` +
        `<x ${OUTSTANDING_LIMIT} HTTP/1.1 204 X\\r\\n\\r\\n\n< HTTP/1.1 200 OK\\r\\nContent-Length: 1\\r\\n\\r\\n1`,
    ),
  );
  expect(log.filter((line) => line.startsWith('request-head'))).toHaveLength(OUTSTANDING_LIMIT + 1);
  expect(log.at(-1)).toBe('response-end @4 complete octets=39 body=1');
});

import { expect, test } from 'vitest';
import { logOf, scriptOf } from '../../kit/cases.ts';

const GET = '> GET / HTTP/1.1\\r\\n\\r\\n';

function ends(...lines: string[]): string[] {
  return logOf(scriptOf([GET, ...lines].join('\n'))).filter((line) => /^(fault|response-end)/.test(line));
}

test.each([
  ['<FIN', 'closed'],
  ['<RST', 'cut'],
  ['>RST', 'cut'],
])('a body without a length ends with the connection: %s', (close, how) => {
  expect(ends('< HTTP/1.1 200 OK\\r\\n\\r\\nab', close)).toEqual([`response-end @3 ${how} octets=21 body=2`]);
});

test('a conflict in a head that a gap ends is told', () => {
  const head = '< HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\nContent-Length: 2\\r\\nX';
  expect(ends(head, '<gap 9 cut')).toEqual(['fault @3 server header-conflict duplicate offset=36 "Content-Length: 2"']);
});

test('103 has no length to conflict with', () => {
  const hints = 'HTTP/1.1 103 Early Hints\\r\\nContent-Length: 2\\r\\nContent-Length: 2\\r\\n\\r\\n';
  expect(ends(`< ${hints}HTTP/1.1 204 X\\r\\n\\r\\n`)).toEqual(['response-end @2 complete octets=18 body=0']);
});

import { expect, test } from 'vitest';
import { octetsOf } from '../../../src/model/octets.ts';
import { ForeignSample } from '../../../src/proto/cgi-foreign.ts';
import { foreignFault } from '../../../src/proto/fastcgi/foreign-fault.ts';
import { octets } from '../cgi-talk.ts';

test.each([
  ['HTTP/1.1 200 OK\r\n', 'other-protocol', 'http', 'version 72 where FastCGI has 1'],
  ['\x15\x03\x03\0\x02\x02\x28', 'other-protocol', 'tls', 'version 21 where FastCGI has 1'],
  ['\x02\x06\0\x01\0\0\0\0', 'record-version', '', 'version 2 where FastCGI has 1'],
])('%j', (text, name, detail, sentence) => {
  const sample = new ForeignSample();
  sample.take(octetsOf(octets(text)), 0);
  expect(foreignFault(sample, 7)).toEqual({ name, detail, sample: text, offset: 7, text: sentence });
});

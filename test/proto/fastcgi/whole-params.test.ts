import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ParamsWords } from '../../../src/proto/cgi-params.ts';
import { ParamsReader } from '../../../src/proto/fastcgi/params.ts';
import { WHOLE_LIMIT, wholeParams } from '../../../src/proto/fastcgi/whole-params.ts';
import { latin1 } from '../../../src/proto/latin1.ts';
import { join } from '../cgi-talk.ts';
import { PARAMS, type Pair, pairs } from './records.ts';

function carefully(bytes: Uint8Array): ParamsWords {
  const reader = new ParamsReader();
  reader.push(latin1(bytes, 0, bytes.length));
  return reader.params.words();
}

/** The octets lie between others, as in a record. */
function whole(bytes: Uint8Array) {
  return wholeParams(join('xx', bytes, '\x05\x01SPLITx'), 2, 2 + bytes.length);
}

function said(words: ParamsWords) {
  const { method, target, version, host, fields, downstream, announced } = words;
  return { method, target, version, host, fields, downstream, announced };
}

const NAMES = [
  'REQUEST_METHOD',
  'REQUEST_URI',
  'SERVER_PROTOCOL',
  'HTTP_HOST',
  'SERVER_NAME',
  'CONTENT_LENGTH',
  'REMOTE_ADDR',
  'REMOTE_PORT',
  'SERVER_ADDR',
  'SERVER_PORT',
  'QUERY_STRING',
  'X',
];

test('what is said in one piece is what is read with care', () => {
  const name = fc.oneof(fc.constantFrom(...NAMES), fc.string({ unit: 'binary-ascii', maxLength: 140 }));
  const value = fc.oneof(
    fc.constantFrom('', '0', '12', '65535', '65536', '0080', '1x', '9'.repeat(16), '0'.repeat(30), '127.0.0.1', '/a'),
    fc.string({ unit: 'binary-ascii', maxLength: 140 }),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(name, value), { maxLength: 16 }), (list) => {
      const bytes = pairs([['REQUEST_URI', '/'], ...list]);
      const expected = carefully(bytes);
      const words = whole(bytes);
      // Without a REQUEST_URI the target is put together, which is done with care.
      if (list.some(([key, text]) => key === 'REQUEST_URI' && text === '')) return;
      expect(words && said(words)).toEqual(said(expected));
    }),
  );
});

const ODD: readonly [string, Uint8Array][] = [
  ['no target', pairs(PARAMS.filter(([name]) => name !== 'REQUEST_URI'))],
  ['no pair at all', new Uint8Array()],
  ['a pair that ends later', pairs(PARAMS).subarray(0, -1)],
  ['a length that ends later', join(pairs(PARAMS), '\x80\0')],
  ['a name without the length of its value', join(pairs(PARAMS), '\x01')],
  ['a short length written long', pairs(PARAMS, true)],
  ['a name too long to be kept', pairs([...PARAMS, ['n'.repeat(257), '']])],
  ['too many pairs to be kept', pairs([...PARAMS, ...Array.from({ length: 512 }, (): Pair => ['', ''])])],
  ['too many octets', pairs([...PARAMS, ['N', 'v'.repeat(WHOLE_LIMIT)]])],
];

test.each(ODD)('%s is left to the careful reader', (_, bytes) => {
  expect(whole(bytes)).toBeUndefined();
});

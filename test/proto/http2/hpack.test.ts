import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FIELDS_KEPT, Hpack, TABLE_LIMIT } from '../../../src/proto/http2/hpack.ts';

function hex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function lines(hpack: Hpack, text: string): string[] | undefined {
  const bytes = hex(text.replaceAll(' ', ''));
  return hpack.read(bytes, 0, bytes.length)?.fields.map(({ name, value }) => `${name}: ${value}`);
}

const FIRST = [':method: GET', ':scheme: http', ':path: /', ':authority: www.example.com'];

describe('the examples of RFC 7541, appendix C', () => {
  test('literals and indices (C.2)', () => {
    const hpack = new Hpack();
    expect(lines(hpack, '400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572')).toEqual([
      'custom-key: custom-header',
    ]);
    expect(lines(hpack, '040c 2f73 616d 706c 652f 7061 7468')).toEqual([':path: /sample/path']);
    expect(lines(hpack, '1008 7061 7373 776f 7264 0673 6563 7265 74')).toEqual(['password: secret']);
    expect(lines(hpack, '82')).toEqual([':method: GET']);
    expect(lines(hpack, 'be')).toEqual(['custom-key: custom-header']);
  });

  test('three requests on one connection, plain (C.3) and with Huffman codes (C.4)', () => {
    for (const blocks of [
      [
        '8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d',
        '8286 84be 5808 6e6f 2d63 6163 6865',
        '8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65',
      ],
      [
        '8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff',
        '8286 84be 5886 a8eb 1064 9cbf',
        '8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf',
      ],
    ]) {
      const hpack = new Hpack();
      expect(blocks.map((block) => lines(hpack, block))).toEqual([
        FIRST,
        [...FIRST, 'cache-control: no-cache'],
        [
          ':method: GET',
          ':scheme: https',
          ':path: /index.html',
          ':authority: www.example.com',
          'custom-key: custom-value',
        ],
      ]);
    }
  });

  test('entries leave a table that is full (C.6)', () => {
    const hpack = new Hpack();
    const small = '3fe1 01'; // 256 octets
    const first = `${small} 4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d 29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3`;
    expect(lines(hpack, first)).toEqual([
      ':status: 302',
      'cache-control: private',
      'date: Mon, 21 Oct 2013 20:13:21 GMT',
      'location: https://www.example.com',
    ]);
    expect(lines(hpack, '4883 640e ffc1 c0bf')).toEqual([
      ':status: 307',
      'cache-control: private',
      'date: Mon, 21 Oct 2013 20:13:21 GMT',
      'location: https://www.example.com',
    ]);
    expect(lines(hpack, 'c1')).toEqual(['cache-control: private']);
    expect(lines(hpack, 'c2')).toBeUndefined();
  });
});

test.each([
  '80',
  'ff ff',
  'ff 80 80 80 80 80 00',
  '40',
  '00 05 61',
  '00 01',
  '7f',
  '3f e2 ff 7f',
  '00 81 ff 00',
  '10 80',
])('a block that breaks the rules: %s', (block) => expect(lines(new Hpack(), block)).toBeUndefined());

test('a table may be as large as the limit', () => {
  expect(lines(new Hpack(), '3fe1 ff03')).toEqual([]);
  expect(TABLE_LIMIT).toBe(65536);
});

test('after a loss, fields that refer to what was lost are unknown, and new ones are not', () => {
  const hpack = new Hpack();
  lines(hpack, '4001 6101 31');
  hpack.lose();
  const read = (text: string) => {
    const bytes = hex(text.replaceAll(' ', ''));
    return hpack.read(bytes, 0, bytes.length);
  };
  expect(read('be 4001 6201 32 be bf')).toEqual({
    fields: [
      { name: 'b', value: '2' },
      { name: 'b', value: '2' },
    ],
    unknown: 2,
  });
  expect(read('7f 01 01 33 be')).toMatchObject({ unknown: 2 });
});

test('fields beyond the limit are read and not kept', () => {
  expect(lines(new Hpack(), '82'.repeat(FIELDS_KEPT + 9))).toHaveLength(FIELDS_KEPT);
});

test('any octets: no throw, and the table stays within its size', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 80 }), { maxLength: 10 }), (blocks) => {
      const hpack = new Hpack();
      for (const block of blocks) hpack.read(block, 0, block.length);
    }),
  );
});

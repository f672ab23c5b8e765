import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NAME_LIMIT, VALUE_LIMIT } from '../../../src/proto/cgi-params.ts';
import { ParamsReader } from '../../../src/proto/fastcgi/params.ts';
import { latin1 } from '../../../src/proto/latin1.ts';
import { type Pair, pairs } from './records.ts';

function textOf(list: readonly Pair[], long = false): string {
  const bytes = pairs(list, long);
  return latin1(bytes, 0, bytes.length);
}

function read(text: string, size = text.length): ParamsReader {
  const reader = new ParamsReader();
  for (let at = 0; at < text.length; at += size) reader.push(text.slice(at, at + size));
  return reader;
}

const seen = ({ params }: ParamsReader): Pair[] => params.fields.map(({ name, value }) => [name, value]);

test('pairs that are written are read back, with lengths of one and four octets, at any split', () => {
  const text = fc.string({
    unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
    maxLength: 200,
  });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(text, text), { maxLength: 9 }),
      fc.boolean(),
      fc.integer({ min: 1, max: 50 }),
      (list, long, size) => {
        expect(seen(read(textOf(list, long), size))).toEqual(list);
      },
    ),
  );
});

test.each([0, 1, 126, 127, 128, 255, 256, 10_000])('a value of %i octets', (length) => {
  expect(seen(read(textOf([['N', 'v'.repeat(length)]]), 100))).toEqual([['N', 'v'.repeat(length)]]);
});

test('names and values are kept up to the limits', () => {
  const [long, next] = seen(
    read(
      textOf([
        ['N'.repeat(999), 'v'.repeat(200_000)],
        ['NEXT', '1'],
      ]),
      1000,
    ),
  );
  expect([long?.[0].length, long?.[1].length, next]).toEqual([NAME_LIMIT, VALUE_LIMIT, ['NEXT', '1']]);
});

test('a length of two gigaoctets holds nothing', () => {
  const reader = read(`\xff\xff\xff\xff\xff\xff\xff\xff${'x'.repeat(1000)}`, 10);
  expect(seen(reader)).toEqual([]);
});

describe('a hole', () => {
  const text = textOf([
    ['AA', '1234'],
    ['BB', '5678'],
    ['CC', '90'],
  ]);

  function holed(at: number, length: number): Pair[] {
    const reader = read(text.slice(0, at));
    reader.hole(length);
    reader.push(text.slice(at + length));
    return seen(reader);
  }

  test('in a value, a name or both leaves out that pair', () => {
    expect(holed(5, 2)).toEqual([
      ['BB', '5678'],
      ['CC', '90'],
    ]);
    expect(holed(2, 1)).toEqual([
      ['BB', '5678'],
      ['CC', '90'],
    ]);
    expect(holed(11, 4)).toEqual([
      ['AA', '1234'],
      ['CC', '90'],
    ]);
    expect(holed(2, 6)).toEqual([
      ['BB', '5678'],
      ['CC', '90'],
    ]);
  });

  test('in or beyond a length leaves out all that follow', () => {
    expect(holed(8, 1)).toEqual([['AA', '1234']]);
    expect(holed(9, 1)).toEqual([['AA', '1234']]);
    expect(holed(11, 7)).toEqual([['AA', '1234']]);
  });
});

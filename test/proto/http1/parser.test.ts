import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { logOf, type Script, scriptOf, split, textOctets } from '../../kit/cases.ts';
import { normalised } from '../../kit/message-log.ts';

const token = fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,9}$/);
const value = fc.stringMatching(/^[!-~]([ -~]{0,20}[!-~])?$/);
const fields = fc.array(
  fc.tuple(
    token.filter((name) => !/^(host|expect|content-length|transfer-encoding)$/i.test(name)),
    value,
  ),
  { maxLength: 4 },
);
const body = fc.oneof(
  fc.constant({ kind: 'none' as const, octets: 0 }),
  fc.record({ kind: fc.constantFrom('length' as const, 'chunked' as const), octets: fc.integer({ min: 1, max: 300 }) }),
);
const request = fc.record({ method: fc.constantFrom('GET', 'POST', 'HEAD', 'BREW'), path: token, fields, body });
const response = fc.record({ status: fc.constantFrom(200, 204, 304, 404, 502), fields, body, interim: fc.boolean() });
const exchanges = fc.array(fc.record({ request, response }), { minLength: 1, maxLength: 4 });

type Body = { readonly kind: 'none' | 'length' | 'chunked'; readonly octets: number };

function framed(head: string, own: readonly (readonly [string, string])[], { kind, octets }: Body, bodiless = false) {
  const content = 'x'.repeat(octets);
  const length = {
    none: ['Content-Length: 0'],
    length: [`Content-Length: ${octets}`],
    chunked: ['Transfer-Encoding: chunked'],
  };
  const lines = [head, ...own.map(([name, text]) => `${name}: ${text}`), ...length[kind], '', ''];
  const chunked = kind === 'chunked' ? `${octets.toString(16)};e\\r\\n${content}\\r\\n0\\r\\n\\r\\n` : content;
  return `${lines.map((line) => line.replaceAll('\\', '\\\\')).join('\\r\\n')}${bodiless ? '' : chunked}`;
}

describe('generated dialogues are told as they were generated', () => {
  test('at any split', () => {
    fc.assert(
      fc.property(exchanges, fc.integer({ min: 1, max: 700 }), (list, size) => {
        const lines: string[] = [];
        const expected: string[] = [];
        for (const { request: asked, response: given } of list) {
          lines.push(`> ${framed(`${asked.method} /${asked.path} HTTP/1.1`, asked.fields, asked.body)}`);
          const bodiless = asked.method === 'HEAD' || given.status === 204 || given.status === 304;
          const interim = given.interim ? 'HTTP/1.1 103 Early Hints\\r\\n\\r\\n' : '';
          lines.push(`< ${interim}${framed(`HTTP/1.1 ${given.status} X`, given.fields, given.body, bodiless)}`);
          expected.push(
            `${asked.method} /${asked.path}`,
            `${given.status}`,
            `complete ${bodiless ? 0 : given.body.octets}`,
          );
        }
        const log = logOf(split(scriptOf(lines.join('\n')), size));
        expect(told(log)).toEqual(expected);
        expect(log.filter((line) => /^(fault|lost)/.test(line))).toEqual([]);
      }),
    );
  });
});

function told(log: readonly string[]): string[] {
  return log.flatMap((line) => {
    const found =
      /^request-head @\d+ (\S+ \S+)|^response-head @\d+ (\d+)(?!.*interim)|^response-end @\d+ (complete) octets=\d+ body=(\d+)/.exec(
        line,
      );
    if (!found) return [];
    return [found[1] ?? found[2] ?? `${found[3]} ${found[4]}`];
  });
}

const piece = fc.oneof(
  fc.constantFrom(
    'GET / HTTP/1.1\\r\\n',
    'HTTP/1.1 200 OK\\r\\n',
    'Content-Length: 5\\r\\n',
    'Transfer-Encoding: chunked\\r\\n',
    '\\r\\n',
    '5\\r\\nhello\\r\\n',
    '0\\r\\n\\r\\n',
    ' ',
    '\\0',
    'HEAD /x HTTP/1.0\\r\\n\\r\\n',
    'HTTP/1.1 101 X\\r\\n\\r\\n',
  ),
  fc.stringMatching(/^[a-zA-Z0-9:;, ]{0,12}$/),
);
const act = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(fc.constantFrom('>', '<'), fc.array(piece, { maxLength: 5 }))
      .map(([side, all]) => `${side} ${all.join('')}`),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom('>', '<'), fc.integer({ min: 1, max: 50 }), fc.constantFrom('lost', 'cut'))
      .map(([side, length, why]) => `${side}gap ${length} ${why}`),
  },
  { weight: 1, arbitrary: fc.constantFrom('>FIN', '<FIN', '>RST', '<RST') },
);

describe('whatever is said', () => {
  const script = fc
    .array(act, { maxLength: 12 })
    .map((lines) => scriptOf(`> GET / HTTP/1.1\\r\\n\n${lines.join('\n')}`));

  test('nothing throws, and messages are bounded by octets', () => {
    fc.assert(
      fc.property(script, (whole) => {
        const octets = octetsIn(whole);
        expect(logOf(whole).length).toBeLessThan(20 + 4 * octets + 4 * whole.acts.length);
      }),
    );
  });

  test('without gaps the split changes nothing', () => {
    const gapless = script.map(({ acts, ...rest }) => ({ ...rest, acts: acts.filter(({ kind }) => kind !== 'gap') }));
    fc.assert(
      fc.property(gapless.filter(isOrderly), fc.integer({ min: 1, max: 60 }), (whole, size) => {
        expect(normalised(logOf(split(whole, size)))).toEqual(normalised(logOf(split(whole, 10_000))));
      }),
    );
  });

  test('random octets after a request', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 8 }), (pieces) => {
        const acts = pieces.map((bytes, i) => {
          const direction = i % 2 ? ('forward' as const) : ('reverse' as const);
          return { kind: 'octets' as const, direction, bytes };
        });
        const opening = {
          kind: 'octets' as const,
          direction: 'forward' as const,
          bytes: textOctets('GET / HTTP/1.1\\r\\n\\r\\n'),
        };
        logOf({ midstream: false, pieces: 1, acts: [opening, ...acts] });
      }),
    );
  });
});

function octetsIn({ acts }: Script): number {
  return acts.reduce((sum, one) => sum + (one.kind === 'octets' ? one.bytes.length : 0), 0);
}

/** Where messages are looked for at the beginning of a chunk, the split is part of the question. */
function isOrderly(script: Script): boolean {
  return (
    !logOf(script).some((line) => /^(fault|lost)|unrecognised/.test(line)) &&
    !logOf(split(script, 1)).some((line) => /^(fault|lost)/.test(line))
  );
}

test('a long head in pieces of one octet takes time in proportion', () => {
  for (const side of [
    '> GET /',
    '> GET / HTTP/1.1\\r\\n\\r\\n\n< HTTP/1.1',
    '> GET / HTTP/1.1\\r\\n\\r\\n\n< HTTP/1.1 200 OK\\r\\nA:',
  ]) {
    const filler = side.endsWith('1.1') ? ' ' : 'x';
    const script = scriptOf(`${side}\n${side.includes('<') ? '<' : '>'}x 60000 ${filler}`);
    expect(logOf(split(script, 1)).length).toBeLessThan(20);
  }
}, 5_000);

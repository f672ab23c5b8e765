import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MASK_SECRETS, SHOW_SECRETS } from '../../src/sinks/secrets.ts';

test.each([
  ['/a?token=abc&id=7', '/a?token=***&id=7'],
  ['/a?id=7&access_token=abc', '/a?id=7&access_token=***'],
  ['/a?X-Amz-Signature=deadbeef&X-Amz-Date=20261120', '/a?X-Amz-Signature=***&X-Amz-Date=20261120'],
  ['/a?sessionId=1&page=2', '/a?sessionId=***&page=2'],
  ['/a?user%5Bnew_password%5D=x', '/a?user%5Bnew_password%5D=***'],
  ['/a?user[password]=x&b=1', '/a?user[password]=***&b=1'],
  ['/a?p%61ssword=x', '/a?p%61ssword=***'],
  ['/a?API-KEY=x', '/a?API-KEY=***'],
  ['/cart;jsessionid=ABC123?x=1', '/cart;jsessionid=***'],
  ['/maps?key=AIzaSy', '/maps?key=***'],
  ['/login?next=%2Fa%3Ftoken%3Dabc%26b%3D1&x=2', '/login?next=%2Fa%3Ftoken%3D***%26b%3D1&x=2'],
  ['/cb?code=4%2F0AX4XfWh_0123456789&state=xyz', '/cb?code=***&state=xyz'],
  ['http://bob:hunter2@shop.example/a', 'http://***@shop.example/a'],
  ['bob:hunter2@shop.example:443', '***@shop.example:443'],
  ['/a?pwd=a\'b"c;d#e&x=1', '/a?pwd=***&x=1'],
])('the secret of the target %s is masked', (target, masked) => {
  expect(MASK_SECRETS.target(target)).toBe(masked);
});

test.each([
  '/checkout?id=7',
  '/?country_code=DE&code=SUMMER',
  '/a?author=kim&monkey=1&page=2&tokenize=',
  '/keys/1?sort=asc',
  '*',
  '/users/kim@example.org',
])('the target %s holds no secret', (target) => {
  expect(MASK_SECRETS.target(target)).toBe(target);
});

test.each([
  ['upstream sent invalid header: "Set-Cookie: sid=abc\x01"', 'upstream sent invalid header: "Set-Cookie: ***'],
  ['Authorization: Basic Ym9iOmh1bnRlcjI=\r\nHost: a', 'Authorization: ***\r\nHost: a'],
  ['HTTP_COOKIE=a=1; b=2', 'HTTP_COOKIE=***'],
  ['PHP_AUTH_PW=hunter2', 'PHP_AUTH_PW=***'],
  ['proxy-authorization:Bearer x y', 'proxy-authorization:***'],
  ['PHP message: login failed, password=hunter2 for kim', 'PHP message: login failed, password=*** for kim'],
  ['{"user":"kim","token":"a b\'c","id":7}', '{"user":"kim","token":***,"id":7}'],
  ['password: hunter2', 'password: ***'],
  ['connecting to mysql://root:hunter2@db/shop', 'connecting to mysql://***@db/shop'],
  ['GET /a?token=abc HTTP/1.1', 'GET /a?token=*** HTTP/1.1'],
])('the secret of the text %j is masked', (text, masked) => {
  expect(MASK_SECRETS.text(text)).toBe(masked);
});

test.each([
  'RST from 127.0.0.1:9000 at 12:31:07.221, no response octets',
  'TLS alert 40: handshake failure; code: 40',
  'the keep-alive session: idle 5.0 s',
  'raise max_fails=3 or lower fail_timeout=10s',
])('the sentence %j is left alone', (text) => {
  expect(MASK_SECRETS.text(text)).toBe(text);
});

const NAMES = ['token', 'Access_Token', 'password', 'PASSWD', 'pwd', 'secret', 'api_key', 'apikey', 'sid', 'session'];
const secret = fc.stringMatching(/^[A-Za-z0-9%'";/?:@!$()*+,._~-]{6,40}$/).map((text) => `S3CR3T${text}S3CR3T`);

/** Writes some letters of a name percent-encoded, as a server would decode them. */
const encoded = fc
  .tuple(fc.constantFrom(...NAMES), fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }))
  .map(([name, flips]) =>
    Array.from(name, (letter, at) => (flips[at] ? `%${letter.charCodeAt(0).toString(16)}` : letter)).join(''),
  );

test('no secret value survives in a target, wherever it stands and however its name is written', () => {
  const pair = fc.constantFrom('a=1', 'b', 'c=%zz', '=', '&', 'd=e=f', ':');
  const target = fc.tuple(fc.array(pair), encoded, secret, fc.array(pair));
  fc.assert(
    fc.property(target, ([before, name, value, after]) => {
      const masked = MASK_SECRETS.target(`/p?${[...before, `${name}=${value}`, ...after].join('&')}`);
      expect(masked).not.toContain('S3CR3T');
      expect(masked).toContain('***');
    }),
  );
});

test('no credential survives in a header line', () => {
  const name = fc.constantFrom('Authorization', 'cookie', 'SET-COOKIE', 'Proxy-Authorization', 'HTTP_COOKIE');
  fc.assert(
    fc.property(name, fc.constantFrom(': ', ':', '=', ' = '), secret, (field, separator, value) => {
      expect(MASK_SECRETS.text(`x ${field}${separator}a=${value}; b "${value}"`)).not.toContain('S3CR3T');
    }),
  );
});

test('hostile text is masked in linear time', () => {
  for (const piece of [
    'a',
    '=',
    ':',
    '%3d',
    '%',
    '://',
    '@',
    ' =',
    'a=',
    ':a',
    'code:',
    'code=a&',
    'cookie ',
    '"token":"',
    'key=',
  ]) {
    const text = piece.repeat(200_000);
    // In quadratic time none of them would end within the test's time.
    expect(MASK_SECRETS.text(text)).not.toBe('');
    expect(MASK_SECRETS.target(text)).not.toBe('');
  }
}, 60_000);

test('secrets are shown where the user asked for them', () => {
  expect(SHOW_SECRETS.target('/a?token=abc')).toBe('/a?token=abc');
  expect(SHOW_SECRETS.text('Cookie: a')).toBe('Cookie: a');
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { beginsRequest, beginsResponse } from '../../../src/proto/http1/recognise.ts';
import { textOctets } from '../../kit/cases.ts';

const request = (text: string) => beginsRequest(textOctets(text), 0, textOctets(text).length);
const response = (text: string) => beginsResponse(textOctets(text), 0, textOctets(text).length);

test.each([
  'GET /',
  '\\r\\nPOST /x',
  'GET http',
  'CONNECT a:1 HTTP/1.1\\r\\n',
  'OPTIONS * HTTP/1.1\\n',
  'ODD /x HTTP/1.1\\r\\n',
  'ODD http://a HTTP/1.0\\n',
])('a request: %s', (text) => expect(request(text)).toBe('yes'));

test.each(['', 'GE', 'GET', 'GET ', 'GET ht', 'OPTIONS *', 'CONNECT a:443', 'ODD /x', 'ODD /x HTTP/1.1'])(
  'perhaps a request: "%s"',
  (text) => expect(request(text)).toBe('more'),
);

test.each([
  ' GET /',
  'GET\\t/',
  'OPTIONS rtsp://a',
  'OPTIONS * RTSP/1.0\\n',
  'ODD /x\\n',
  'ODD /\\x01',
  'EHLO a',
  'PRI * HTTP/2.0\\r\\n',
  `${'A'.repeat(40)} `,
  '(x) /',
  'ODD / HTTP/1.x\\n',
])('no request: %s', (text) => expect(request(text)).toBe('no'));

test('a response is proved by its version', () => {
  expect(response('HTTP/1.1 ')).toBe('yes');
  expect(response('HTTP/10.12 200')).toBe('yes');
  for (const text of ['', 'HT', 'HTTP/', 'HTTP/1', 'HTTP/1.', 'HTTP/1.1']) expect(response(text)).toBe('more');
  for (const text of ['HTTPS', 'HTTP/x', 'HTTP/1x', 'HTTP/1.x', 'HTTP/1.1x', 'HTTP/12345', 'HTTP/1.12345', 'ICY 200']) {
    expect(response(text)).toBe('no');
  }
});

test('any octets: an answer, and one that more octets never take back', () => {
  const text = fc.stringMatching(/^[\r\n]{0,2}[A-Z!(]{0,5}[ \t]?[/*h]{0,3}[ ]?[HTP/1.0-9]{0,9}[\r\n]{0,2}$/);
  fc.assert(
    fc.property(text, (line) => {
      for (const judge of [request, response]) {
        let known = 'more';
        for (let length = 0; length <= line.length; length++) {
          const now = judge(line.slice(0, length));
          if (known !== 'more') expect(now).toBe(known);
          known = now;
        }
      }
    }),
  );
});

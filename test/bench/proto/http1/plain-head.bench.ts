import { bench } from 'vitest';
import { readFields } from '../../../../src/proto/http1/fields.ts';
import { scanPlainHead } from '../../../../src/proto/http1/plain-head.ts';

const bytes = Buffer.from(
  'GET /page?id=17 HTTP/1.1\r\nHost: shop.example\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36\r\n' +
    'Accept: text/html,*/*;q=0.8\r\nAccept-Encoding: gzip, deflate\r\nCookie: session=0123456789abcdef\r\n\r\n',
);
const head = { lines: 0, firstLineEnd: 0 };

bench('scanPlainHead', () => {
  scanPlainHead(bytes, 0, bytes.length, head);
});

bench('scanPlainHead and readFields', () => {
  scanPlainHead(bytes, 0, bytes.length, head);
  readFields(bytes, 0, bytes.length, head.lines);
});

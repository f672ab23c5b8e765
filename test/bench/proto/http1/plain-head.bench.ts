import { bench } from 'vitest';
import { readFields } from '../../../../src/proto/http1/fields.ts';
import { scanPlainLines } from '../../../../src/proto/http1/plain-head.ts';

const bytes = Buffer.from(
  'Host: shop.example\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36\r\n' +
    'Accept: text/html,*/*;q=0.8\r\nAccept-Encoding: gzip, deflate\r\nCookie: session=0123456789abcdef\r\n\r\n',
);
const head = { lines: 0, lineStart: 0 };

bench('scanPlainLines', () => {
  scanPlainLines(bytes, 0, bytes.length, head);
});

bench('scanPlainLines and readFields', () => {
  scanPlainLines(bytes, 0, bytes.length, head);
  readFields(bytes, 0, bytes.length, head.lines);
});

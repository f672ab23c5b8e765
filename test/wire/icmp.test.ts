import { describe, expect, test } from 'vitest';
import { ipv4, ipv6, octets, tcp, udp, unreachableFrame } from '../kit/packets.ts';
import { decode } from './decoded.ts';

const quote = ipv4(
  { source: '10.0.0.1', destination: '10.0.9.9' },
  tcp({ sourcePort: 40001, destinationPort: 9000 }, 'x'),
);

describe('destination unreachable', () => {
  test('names the reporter, the code and the connection that was tried', () => {
    expect(decode(unreachableFrame({ code: 13, quote })).said).toEqual([
      {
        is: 'unreachable',
        at: 1234.5,
        frame: 7,
        interfaceId: 3,
        version: 4,
        reporter: '10.0.0.254',
        code: 13,
        quotedProtocol: 6,
        source: '10.0.0.1',
        sourcePort: 40001,
        destination: '10.0.9.9',
        destinationPort: 9000,
      },
    ]);
  });

  test('may quote no more than eight octets behind the IP header', () => {
    expect(decode(unreachableFrame({ quote: quote.subarray(0, 28) })).said).toMatchObject([{ destinationPort: 9000 }]);
    expect(decode(unreachableFrame({ quote: quote.subarray(0, 24) })).said).toMatchObject([{ destinationPort: 9000 }]);
    expect(decode(unreachableFrame({ quote: quote.subarray(0, 23) })).outcome).toBe('malformed icmp');
    expect(decode(unreachableFrame({ quote: quote.subarray(0, 19) })).outcome).toBe('malformed ipv4');
  });

  test('is told for IPv6 too', () => {
    const quoted = ipv6({ source: 'fd00::1', destination: 'fd00::5' }, tcp({ destinationPort: 8080 }));
    const frame = unreachableFrame({ from: '[fd00::9]:0', to: '[fd00::1]:0', code: 4, quote: quoted });
    expect(decode(frame).said).toMatchObject([
      { version: 6, reporter: 'fd00::9', code: 4, source: 'fd00::1', destination: 'fd00::5', destinationPort: 8080 },
    ]);
  });

  test('of a datagram says that it was one', () => {
    const question = ipv4({ protocol: 17 }, udp({ destinationPort: 53 }, 'question'));
    expect(decode(unreachableFrame({ code: 3, quote: question })).said).toMatchObject([
      { quotedProtocol: 17, destinationPort: 53 },
    ]);
  });

  test('about something without ports is another message', () => {
    expect(decode(unreachableFrame({ quote: ipv4({ protocol: 1 }, octets(8, 0, 0, 0)) })).outcome).toBe('otherIcmp');
    expect(decode(unreachableFrame({ quote: ipv4({ fragment: 0x2010 }, tcp()) })).outcome).toBe('otherIcmp');
  });
});

test('a message of less than its header is malformed', () => {
  expect(decode(ipv4({ protocol: 1 }, octets(3, 1)), { link: 'raw' }).outcome).toBe('malformed icmp');
  expect(decode(ipv6({ protocol: 58 }, octets()), { link: 'raw' }).outcome).toBe('malformed icmp');
});

import { expect, test } from 'vitest';
import { octetsOf } from '../../../src/model/octets.ts';
import { TlsSide } from '../../../src/proto/tls/tls-side.ts';

function side(client: boolean) {
  const log: string[] = [];
  const told = new TlsSide(client, {
    hello: (type, _bytes, length) => log.push(`hello ${type} ${length}`),
    clearAlert: (level, description) => log.push(`alert ${level} ${description}`),
    encryptedAlert: () => log.push('encrypted alert'),
    applicationData: (length) => log.push(`data ${length}`),
    otherProtocol: (detail, sample) => log.push(`other ${detail} ${sample.length}`),
    lost: (octets) => log.push(`lost ${octets}`),
  });
  return { log, say: (...octets: number[]) => told.stream.chunk(octetsOf(Uint8Array.from(octets))), told };
}

test('an alert is in clear until the cipher changes', () => {
  const { log, say } = side(false);
  say(21, 3, 3, 0, 2, 2, 40, 20, 3, 3, 0, 1, 1, 21, 3, 3, 0, 2, 2, 40);
  expect(log).toEqual(['alert 2 40', 'encrypted alert']);
});

test('an alert that the capture cut cannot be read', () => {
  const { log, say, told } = side(false);
  say(21, 3, 3, 0, 2, 2);
  told.stream.gap(1);
  expect(log).toEqual(['encrypted alert']);
});

test('a hello is told once, other handshake messages are not', () => {
  const { log, say } = side(true);
  say(22, 3, 1, 0, 3, 11, 0, 0, 22, 3, 1, 0, 3, 1, 0, 0, 22, 3, 1, 0, 3, 1, 0, 0, 23, 3, 3, 0, 1, 0);
  expect(log).toEqual(['hello 1 3', 'data 1']);
});

test('what is no record: named at the beginning, lost later', () => {
  const first = side(false);
  first.say(0x53);
  expect(first.log).toEqual(['other unknown 1']);
  const later = side(false);
  later.say(23, 3, 3, 0, 1, 0, 0x53);
  expect(later.log).toEqual(['data 1', 'lost 0']);
});

/** A round of a capture must say what the one before it said: of a spoilt one nothing that is measured is true. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pcapFile } from '../kit/capture-files.ts';
import { tcpFrame } from '../kit/packets.ts';
import { repeated } from './repeat.ts';

const ROUNDS = 3;

/** `payload` as it is in each of three rounds, from 40000 to 80. */
function rounds(payload: string): string[] {
  const capture = pcapFile([{ octets: tcpFrame({ from: '10.0.0.1:40000', to: '10.0.0.2:80', payload }) }]);
  const pieces = [...repeated(capture, (capture.length - 24) * ROUNDS)];
  return pieces.slice(1).map((piece) => Buffer.from(piece).toString('latin1').slice(-payload.length));
}

describe('a capture that is repeated', () => {
  it.each(['Content-Length: 40000\r\n\r\n', 'GET /items/40000?page=40001 HTTP/1.1\r\n\r\n', 'a body of 40000 octets'])(
    'keeps digits that name no port: %j',
    (payload) => {
      expect(rounds(payload)).toEqual(Array(ROUNDS).fill(payload));
    },
  );

  it.each([
    ['\x0b\x05REMOTE_PORT40000', '\x0b\x05REMOTE_PORT41009'],
    ['REMOTE_PORT\x05\x0040000', 'REMOTE_PORT\x05\x0041009'],
    ['REMOTE_PORT\x0040000\x00', 'REMOTE_PORT\x0041009\x00'],
    ['X-Client-Port: 40000\r\n', 'X-Client-Port: 41009\r\n'],
    ['Forwarded: for="[fd00::1]:40000"\r\n', 'Forwarded: for="[fd00::1]:41009"\r\n'],
    ['127.0.0.1:40000', '127.0.0.1:41009'],
  ])('names the ports of its round: %j', (payload, next) => {
    expect(rounds(payload)[1]).toBe(next);
  });

  it('has the same frames in each round', () => {
    const capture = readFileSync(join(import.meta.dirname, '../../captures/mixed/evening.pcapng'));
    const [, first, second] = repeated(capture, 2 * capture.length);
    expect(second?.length).toBe(first?.length);
  });
});

import { expect, test } from 'vitest';
import { octetsOf } from '../../src/model/octets.ts';
import type { Protocol, Recognition } from '../../src/proto/protocol.ts';
import { judge } from '../../src/proto/recognition.ts';

function protocol(client: Recognition, server: Recognition): Protocol {
  return { name: 'tls', client: () => client, server: () => server, open: () => expect.fail('not opened here') };
}

const octets = octetsOf(Uint8Array.of(1));

test('one proof decides, even where others would need more', () => {
  const proof = protocol('yes', 'no');
  const found = judge([protocol('more', 'no'), proof], octets, 'forward', true, false);
  expect(found).toEqual({ protocol: proof, clientDirection: 'forward' });
});

test('two proofs wait for more octets; without more the earlier one wins', () => {
  const [a, b] = [protocol('yes', 'no'), protocol('yes', 'no')];
  expect(judge([a, b], octets, 'forward', true, false)).toBe('more');
  expect(judge([a, b], octets, 'forward', true, true)).toMatchObject({ protocol: a });
});

test('where the client is known, its octets are judged as a client’s only', () => {
  expect(judge([protocol('no', 'yes')], octets, 'forward', true, false)).toBe('no');
  expect(judge([protocol('yes', 'no')], octets, 'reverse', true, false)).toBe('no');
});

test('where it is not, both roles are tried, and tell who the client is', () => {
  expect(judge([protocol('no', 'yes')], octets, 'forward', false, false)).toMatchObject({ clientDirection: 'reverse' });
  expect(judge([protocol('yes', 'no')], octets, 'reverse', false, false)).toMatchObject({ clientDirection: 'reverse' });
  expect(judge([protocol('yes', 'yes')], octets, 'reverse', false, false)).toMatchObject({
    clientDirection: 'forward',
  });
});

test('nothing fits, or something may', () => {
  expect(judge([protocol('no', 'no')], octets, 'forward', false, false)).toBe('no');
  expect(judge([protocol('no', 'more')], octets, 'forward', false, false)).toBe('more');
});

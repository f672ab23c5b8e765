import { describe, expect, test } from 'vitest';
import { CAUSES, NEIGHBOURS } from '../../src/model/cause.ts';
import { causeFileOf, causeFiles, maybeCauseFile, REGISTRY } from '../../src/verdict/registry.ts';

test('every cause and neighbour of the closed list has exactly one file', () => {
  expect(REGISTRY.map(({ cause }) => cause).sort()).toEqual([...CAUSES, ...NEIGHBOURS].sort());
});

test('the list for reading is in the order of the closed list', () => {
  expect(causeFiles().map(({ cause }) => cause)).toEqual([...CAUSES, ...NEIGHBOURS]);
});

test('unknown is asked last: it recognises everything', () => {
  expect(REGISTRY.at(-1)?.cause).toBe('unknown');
});

test('a name that is no cause has no file', () => {
  expect(maybeCauseFile('toString')).toBeUndefined();
  expect(maybeCauseFile('connect-refused')).toBe(causeFileOf('connect-refused'));
});

/** What has to be asked before what: the particular before the general. */
const BEFORE: readonly (readonly [first: string, then: string])[] = [
  ['connect-rejected-firewall', 'connect-refused'],
  ['proxy-connect-timeout', 'connect-timeout-kernel'],
  ['no-live-upstreams', 'resolver-failed'],
  ['upstream-502-intercepted', 'upstream-502'],
  ['tls-plaintext-before-handshake', 'tls-plaintext-upstream'],
  ['tls-cert-rejected', 'tls-handshake-alert'],
  ['tls-cert-rejected', 'tls-handshake-closed'],
  ['tls-handshake-alert', 'tls-handshake-closed'],
  ['tls-alert-after-handshake', 'reset-before-response'],
  ['protocol-mismatch', 'h2-protocol-error'],
  ['h2-goaway', 'close-before-response'],
  ['header-invalid', 'header-too-big'],
  ['header-too-big', 'early-response-lost'],
  ['stale-keepalive', 'reset-during-request'],
  ['reset-during-request', 'reset-before-response'],
];

describe('what is particular is asked before what is general', () => {
  test.each(BEFORE)('%s before %s', (first, then) => {
    const order = REGISTRY.map(({ cause }) => cause as string);
    expect(order.indexOf(first)).toBeLessThan(order.indexOf(then));
  });
});

import { describe, expect, test } from 'vitest';
import { CAUSES, NEIGHBOURS } from '../../src/model/cause.ts';
import { EXPLAIN_COLUMNS, explain, explainList, similarCauses } from '../../src/verdict/explain.ts';

describe.each([...CAUSES, ...NEIGHBOURS])('explain %s', (cause) => {
  const lines = explain(cause) ?? [];

  test('fits 80 columns and has no blank ends', () => {
    expect(lines.filter((line) => line.length > EXPLAIN_COLUMNS || line !== line.trimEnd())).toEqual([]);
  });

  test('has every part', () => {
    expect(lines[0]).toContain(cause);
    for (const part of ['Recognised by', 'Likely roots', 'Do first']) expect(lines).toContain(part);
  });
});

test('a page reads from what it is to what to do', () => {
  expect(explain('unix-socket-refused')?.join('\n')).toMatchInlineSnapshot(`
    "unix-socket-refused: The unix socket file is left over: nobody listens
    (Connecting)

    The socket file exists, but no process listens on it any more.

    Recognised by
      packets  none: unix sockets leave no packets
      kernel   connect() on a unix socket fails with 111
      log      connect() to unix:PATH failed (111: Connection refused) while
               connecting to upstream

    Likely roots
      - the service was killed and left its file behind
      - the service listens on another file of the same name

    Do first
      1. Restart the service (it makes the file anew); ss -lxp | grep PATH shows
         whether somebody listens.

    Nearest elsewhere: 503 SC (HAProxy); 503 UF (Envoy)."
  `);
});

test('a name that is no cause is not explained', () => {
  expect(explain('no-such-cause')).toBeUndefined();
});

test('the list names every cause once, in 80 columns', () => {
  const lines = explainList();
  expect(lines.filter((line) => line.length > EXPLAIN_COLUMNS)).toEqual([]);
  const named = lines.flatMap((line) => /^ {2}(\S+)/.exec(line)?.[1] ?? []);
  expect(named).toEqual([...CAUSES, ...NEIGHBOURS]);
});

test('a name that is nearly a cause finds it', () => {
  expect(similarCauses('keepalive')).toEqual(['stale-keepalive']);
  expect(similarCauses('unix-socket')).toHaveLength(3);
  expect(similarCauses('resolver-broken')).toEqual(['resolver-missing', 'resolver-failed']);
  expect(similarCauses('')).toEqual([]);
  expect(similarCauses('xyz')).toEqual([]);
});

import { describe, expect, test } from 'vitest';
import type { LoggedRequest } from './nginx-log.ts';
import type { Scenario } from './scenario.ts';
import { truthRow } from './truth.ts';

const REFUSED = 'connect() failed (111: Connection refused) while connecting to upstream';
const RESET = 'recv() failed (104: Connection reset by peer) while reading response header from upstream';
const SCENARIO: Scenario = { name: 'shop', about: '', upstream: 'tcp' };

type Access = LoggedRequest['access'];

/** A request to /shop/ as the log has it; the lists are written as nginx writes them. */
function logged(access: Partial<Access>, messages: readonly string[] = [], subrequest = ''): LoggedRequest {
  const facts: Access = {
    msec: '1795180493.029',
    pid: '1',
    connection: '2',
    connection_requests: '3',
    remote_addr: '127.0.0.1',
    remote_port: '40000',
    server_addr: '127.0.0.1',
    server_port: '8080',
    host: 'shop.example',
    request_method: 'GET',
    request_uri: '/shop/item',
    status: '502',
    request_time: '0.001',
    upstream_addr: '',
    upstream_status: '',
    upstream_connect_time: '',
    upstream_header_time: '',
    upstream_response_time: '',
    upstream_bytes_sent: '',
    upstream_bytes_received: '',
    upstream_cache_status: '',
    request_id: '',
    ...access,
  };
  return { access: facts, errors: messages.map((message) => ({ message, upstream: '', subrequest })) };
}

const row = (request: LoggedRequest, scenario: Partial<Scenario> = {}) =>
  truthRow(request, 'outer', [{ ...SCENARIO, ...scenario }]);

describe('the truth of a request', () => {
  test('gives each failed attempt its line, in order', () => {
    const { attempts, verdictCause } = row(
      logged(
        {
          upstream_addr: '127.0.0.1:1, 127.0.0.1:2',
          upstream_status: '502, 502',
          upstream_header_time: '-, -',
          upstream_bytes_received: '0, 0',
        },
        [REFUSED, 'upstream server temporarily disabled while connecting to upstream', RESET],
      ),
    );
    expect(attempts.map(({ peer, cause }) => [peer, cause])).toEqual([
      ['127.0.0.1:1', 'connect-refused'],
      ['127.0.0.1:2', 'reset-before-response'],
    ]);
    expect(verdictCause).toBe('reset-before-response');
  });

  test('is masked where the client got an answer after a failed attempt', () => {
    const masked = row(
      logged(
        {
          status: '200',
          upstream_addr: '127.0.0.1:1, 127.0.0.1:2',
          upstream_status: '502, 200',
          upstream_header_time: '-, 0.001',
          upstream_bytes_received: '0, 90',
        },
        [REFUSED],
      ),
    );
    expect(masked.masked).toBe(true);
    expect(masked.verdictCause).toBeUndefined();
    expect(masked.attempts[1]?.cause).toBeUndefined();
  });

  test("calls an answered 502 the upstream's own", () => {
    const own = row(
      logged({
        upstream_addr: '127.0.0.1:1',
        upstream_status: '502',
        upstream_header_time: '0.000',
        upstream_bytes_received: '120',
      }),
    );
    expect(own.verdictCause).toBe('upstream-502');
  });

  test('takes the word of the packets from the scenario', () => {
    const stale = row(
      logged(
        {
          upstream_addr: '127.0.0.1:1',
          upstream_status: '502',
          upstream_header_time: '-',
          upstream_bytes_received: '0',
        },
        [RESET],
      ),
      {
        wire: { 'reset-before-response': 'stale-keepalive' },
        acceptable: { 'stale-keepalive': ['reset-before-response'] },
      },
    );
    expect(stale.verdictCause).toBe('stale-keepalive');
    expect(stale.acceptable).toEqual(['reset-before-response']);
    expect(stale.witnessed).toBeUndefined();
  });

  test('knows what the kernel calls the reset of a peer that reads first', () => {
    const fields = {
      upstream_addr: '127.0.0.1:1',
      upstream_status: '502',
      upstream_header_time: '-',
      upstream_bytes_received: '0',
    };
    const wire = { 'reset-before-response': 'stale-keepalive' } as const;
    expect(row(logged(fields, [RESET]), { wire, reads: true })).toMatchObject({
      verdictCause: 'stale-keepalive',
      witnessed: 'reset-before-response',
    });
  });

  test('names the subcause of a reset only where there is one way to it', () => {
    const fields = {
      upstream_addr: '127.0.0.1:1',
      upstream_status: '502',
      upstream_header_time: '-',
      upstream_bytes_received: '0',
    };
    expect(row(logged(fields, [RESET]), { subcause: 'app-closed' }).subcause).toBe('closed-unread');
    expect(row(logged(fields, [RESET]), { subcause: 'app-closed', goesWithQueue: true }).subcause).toBeUndefined();
  });

  test('knows a group without a live peer by its name', () => {
    const request = logged(
      {
        upstream_addr: '127.0.0.1:1, shop_group',
        upstream_status: '502, 502',
        upstream_header_time: '-, -',
        upstream_bytes_received: '0, 0',
      },
      [REFUSED, 'no live upstreams while connecting to upstream'],
    );
    expect(row(request).attempts[1]).toMatchObject({ peer: 'shop_group', transport: 'group' });
    expect(row(request)).toMatchObject({ verdictCause: 'no-live-upstreams' });
    expect(row(request).packetsOnly).toBeUndefined();
    expect(row(request, { rootless: true }).packetsOnly).toBe('no-upstream-traffic');
  });

  test.each([
    ['connect() to 10.79.0.1:80 failed (13: Permission denied)', '10.79.0.1:80', 'connect-denied'],
    ['connect() to unix:/run/a failed (2: No such file or directory)', 'unix:/run/a', 'unix-socket-missing'],
  ])('%s is nothing that a packet shows', (message, peer, cause) => {
    const unseen = row(
      logged({ upstream_addr: peer, upstream_status: '502', upstream_header_time: '-', upstream_bytes_received: '0' }, [
        `${message} while connecting to upstream`,
      ]),
    );
    expect(unseen).toMatchObject({ verdictCause: cause, packetsOnly: 'no-upstream-traffic' });
  });

  test.each([
    ['', [], 'config-response'],
    ['HIT', [], 'cached-502'],
    ['', ['no resolver defined to resolve app.lab.example'], 'resolver-missing'],
  ])('without an attempt, cache %j and %j, it is %s', (upstream_cache_status, messages, cause) => {
    expect(row(logged({ upstream_cache_status }, messages))).toMatchObject({
      verdictCause: cause,
      packetsOnly: 'no-upstream-traffic',
    });
  });

  test('a failed DNS answer is on the wire', () => {
    const failed = row(logged({}, ['a.lab.example could not be resolved (3: Host not found)']));
    expect(failed.verdictCause).toBe('resolver-failed');
    expect(failed.packetsOnly).toBeUndefined();
  });

  test('never charges a subrequest to the request', () => {
    const mirrored = row(
      logged(
        {
          status: '200',
          upstream_addr: '127.0.0.1:2',
          upstream_status: '200',
          upstream_header_time: '0.001',
          upstream_bytes_received: '90',
        },
        [REFUSED],
        '/mirror',
      ),
    );
    expect(mirrored.masked).toBeUndefined();
    expect(mirrored.maskedAllowed).toBe(true);
    expect(mirrored.attempts[0]?.cause).toBeUndefined();
  });

  test('a timeout alone is a neighbour, neither masked nor a 502', () => {
    const late = row(
      logged(
        {
          status: '504',
          upstream_addr: '127.0.0.1:2',
          upstream_status: '504',
          upstream_header_time: '-',
          upstream_bytes_received: '0',
        },
        ['upstream timed out (110: Connection timed out) while reading response header from upstream'],
      ),
    );
    expect(late).toMatchObject({ maskedAllowed: true });
    expect(late.attempts[0]?.cause).toBe('proxy-read-timeout');
  });

  test('writes IPv6 addresses in brackets', () => {
    const six = row(logged({ server_addr: '::1', remote_addr: '::1' }));
    expect([six.gateway, six.client]).toEqual(['[::1]:8080', '[::1]:40000']);
  });
});

import { expect, test } from 'vitest';
import { FlowTable } from '../../src/bytes/flow-table.ts';
import { TcpConnection } from '../../src/conn/tcp-connection.ts';
import { segment, words } from '../kit/segments.ts';

const flows = (): FlowTable => new FlowTable(10);

function connection(table = flows(), losses = { count: 0 }): TcpConnection {
  const slot = table.add(words('::1'), 4000, words('::2'), 80);
  return new TcpConnection(1, slot, table, losses, 'SYN-SENT', false);
}

test('its ends are written when they are asked for, and stay', () => {
  const one = connection();
  expect(one.active).toEqual({ address: '::1', port: 4000, text: '[::1]:4000' });
  expect(one.passive).toBe(one.passive);
});

test('once detached it needs no table and hears of no loss', () => {
  const table = flows();
  const losses = { count: 0 };
  const one = connection(table, losses);
  one.detach();
  table.remove(one.slot);
  losses.count++;
  expect(one.passive.text).toBe('[::2]:80');
  expect(one.incomplete).toBe(false);
});

test('an input without a row changes nothing', () => {
  const one = connection();
  expect(one.enter('forward-fin-acked')).toBe(false);
  expect(one.state).toBe('SYN-SENT');
  expect(one.enter('syn-ack')).toBe(true);
  expect(one).toMatchObject({ state: 'SYN-RECEIVED', idleQueue: 'transient' });
});

test('the first and the latest segment, and the first TTL of each side', () => {
  const one = connection();
  one.saw('forward', segment({ at: 1, frame: 1, ttl: 64 }));
  one.saw('forward', segment({ at: 2, frame: 2, ttl: 60 }));
  one.saw('reverse', segment({ at: 3, frame: 3, ttl: 50 }));
  expect(one).toMatchObject({
    first: { at: 1, frame: 1 },
    last: { at: 3, frame: 3 },
    forward: { ttl: 64 },
    reverse: { ttl: 50 },
  });
});

import { expect, test } from 'vitest';
import { huntAreas, listHeight } from '../../../src/sinks/tui/hunt.ts';
import { goldenFrames, textOf } from './frames.ts';
import { ASCII, after, emptyScene, eveningScene } from './scenes.ts';

goldenFrames('hunt');
goldenFrames('filtered');

test('where there is room the answer stands under the list, of the newest or of what is selected', async () => {
  const scene = await eveningScene(140, 45);
  expect(textOf(scene)).toMatch(/why i-53: tls-cert-rejected .* likely/);
  const moved = after(scene, { do: 'move', by: 1 }, { do: 'move', by: 1 });
  expect(textOf(moved)).toMatch(/why i-52: header-too-big .* certain[\s\S]*Do first: /);
  expect(huntAreas({ cols: 140, rows: 33 }).why).toBeUndefined();
});

test('the list has what the other panes leave', () => {
  for (const rows of [14, 24, 34, 70]) {
    const { chart, incidents, why } = huntAreas({ cols: 100, rows });
    expect(1 + chart.height + incidents.height + (why?.height ?? 0) + 1).toBe(rows);
    expect(listHeight({ cols: 100, rows })).toBe(incidents.height - 3);
  }
});

test('causes can be walked, and the one that is first is selected to begin with', async () => {
  const causes = after(await eveningScene(80, 24), { do: 'focus' });
  expect(after(causes, { do: 'open' }).ui).toMatchObject({ screen: 'causes', cause: 'reset-before-response' });
  expect(after(causes, { do: 'move', by: 1 }, { do: 'open' }).ui.cause).toBe('tls-cert-rejected');
});

test('without colours letters are the key to the chart', async () => {
  const text = textOf(await eveningScene(80, 24, ASCII));
  const [key = ''] = /[a-f](?= reset-before-response)/.exec(text) ?? [];
  expect(text).toMatch(new RegExp(`^\\|[ a-f+]*${key}`, 'm'));
});

test('no 502 yet: what is watched, and that it is alive', () => {
  const live = {
    mode: 'live',
    interfaces: ['lo', 'eth0'],
    gateways: [{ at: '127.0.0.1:80', who: '' }],
    requests: 1204,
    begun: true,
  } as const;
  const text = textOf(emptyScene(80, 24, { ...live, frames: 9, perSecond: 201.4, silence: 3e9 }));
  expect(text).toMatch(/No 502 yet[\s\S]*Watching lo, eth0; gateway 127[.]0[.]0[.]1:80[.]/);
  expect(text).toMatch(/1,204 requests seen, 201\/s now; last packet 3[.]00 s ago; 0 failures hidden by/);
  expect(text).toMatch(/^┌ requests\/s /m);
});

test('no request at all: only gateways that the user named are said to have been left aside', () => {
  const counters = { 'protocols.recognised.http/1': 3 };
  const run = { mode: 'live', ended: true, frames: 9, gateways: [{ at: '127.0.0.1:80', who: '' }], counters } as const;
  expect(textOf(emptyScene(80, 24, run))).toMatch(/HTTP was seen on 3 connections/);
  expect(textOf(emptyScene(80, 24, { ...run, named: ['127.0.0.1:80'] }))).toMatch(
    /No request to 127[.]0[.]0[.]1:80 was/,
  );
});

test('no 502 yet: clients that come by TLS are not passed over in silence', () => {
  const run = {
    mode: 'live',
    begun: true,
    requests: 3,
    frames: 9,
    counters: { 'protocols.recognised.tls': 2 },
  } as const;
  expect(textOf(emptyScene(80, 24, run))).toMatch(/No 502 yet[\s\S]*2 connections spoke TLS, and a 502 inside/);
});

test('a capture in which nothing could be read says why', () => {
  const run = { mode: 'file', requests: 0, frames: 9, counters: { 'wire.cut': 9 }, ended: true } as const;
  expect(textOf(emptyScene(80, 24, run))).toMatch(/No 502[.][\s\S]*of 9 of 9 frames only the beginning/);
});

test('a capture without a 502 says so', () => {
  const text = textOf(emptyScene(80, 24, { mode: 'file', name: 'a.pcap', requests: 1, ended: true }));
  expect(text).toMatch(/No 502[.] +│\n│ 1 request seen, 0 failures hidden by retries[.]/);
});

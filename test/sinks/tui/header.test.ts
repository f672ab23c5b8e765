import { expect, test } from 'vitest';
import { elapsedText, footerPane, headerPane } from '../../../src/sinks/tui/header.ts';
import type { RunState } from '../../../src/sinks/tui/scene.ts';
import { after, emptyScene } from './scenes.ts';

const lineOf = ({ lines }: ReturnType<typeof headerPane>): string =>
  (lines[0]?.spans ?? []).map(({ text }) => text).join('');
const header = (cols: number, run: Partial<RunState>): string => lineOf(headerPane(emptyScene(cols, 24, run)));

test('parts give way whole, the less important first; what counts most stays', () => {
  const run = {
    mode: 'live',
    interfaces: ['lo', 'eth0'],
    gateways: [{ at: '10.0.0.1:80', who: 'nginx 812 +4' }],
    requests: 9,
    begun: true,
  } as const;
  expect(header(140, run)).toMatch(
    /why502 {2}live {2}lo eth0 {2}gateway nginx 812 \+4 at 10[.]0[.]0[.]1:80 {2}packets/,
  );
  for (let cols = 20; cols < 140; cols += 3) {
    expect(header(cols, run).length).toBeLessThanOrEqual(cols);
    expect(header(cols, run)).toMatch(/^ why502 .*502: 0/);
  }
});

test('every listener is named where there is room, else their addresses, else the first and how many more', () => {
  const who = 'nginx 812 +4';
  const gateways = [
    { at: '10.0.0.1:80', who },
    { at: '10.0.0.1:8080', who },
  ];
  const run = { mode: 'live', gateways, begun: true } as const;
  expect(header(140, run)).toContain('  gateway nginx 812 +4 at 10.0.0.1:80, 10.0.0.1:8080  ');
  expect(header(100, run)).toContain('  gateway 10.0.0.1:80, 10.0.0.1:8080  ');
  expect(header(80, run)).toContain('  gateway 10.0.0.1:80 +1  ');
});

test('a file that is being read shows how far; a pipe how much', () => {
  const file = { mode: 'file', name: 'a.pcap', size: 200 } as const;
  expect(header(100, { ...file, octets: 0 })).toContain('a.pcap ░░░░░░░░░░ 0 %');
  expect(header(100, { ...file, octets: 90 })).toContain('a.pcap ████░░░░░░ 45 %');
  expect(header(100, { ...file, octets: 300 })).toContain('██████████ 100 %');
  expect(header(100, { ...file, octets: 200, ended: true })).not.toContain('%');
  expect(header(100, { mode: 'pipe', name: 'standard input', octets: 2500 })).toContain('standard input 2.5 kB');
});

test('live, a clock counts seconds; of a capture the time covered is told', () => {
  expect(elapsedText({ mode: 'live', elapsed: 12.9e9 } as RunState)).toBe('12 s');
  expect(elapsedText({ mode: 'live', elapsed: 75e9 } as RunState)).toBe('00:01:15');
  expect(elapsedText({ mode: 'file', elapsed: 0.11e9 } as RunState)).toBe('0.11 s');
});

test('paused, both lines say so, with the number that waits', () => {
  const scene = after(emptyScene(100, 24, { mode: 'live' }), { do: 'pause' });
  expect(lineOf(headerPane(scene))).toContain('paused');
  expect(lineOf(footerPane(scene))).toContain('paused, 0 waiting');
});

test('the last line is that of the filter while it is typed, and of a notice while there is one', () => {
  const scene = emptyScene(80, 24);
  expect(lineOf(footerPane(after(scene, { do: 'filter' }, { do: 'type', text: 'by:fpm' })))).toMatch(/^ \/ by:fpm█/);
  expect(lineOf(footerPane(after(scene, { do: 'notice', text: 'Saved it', role: 'accent' })))).toBe(' Saved it');
  expect(lineOf(footerPane(scene))).toMatch(/Enter story/);
});

test('failures inside TLS, which no line of the list tells of, are counted beside the 502s', () => {
  expect(header(80, { counters: { 'incidents.veiled': 7 } })).toContain('502: 0  in TLS: 7 or more');
  expect(header(80, { counters: {} })).not.toContain('TLS');
});

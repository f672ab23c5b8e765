import { expect, test } from 'vitest';
import { progressLine } from '../../src/sinks/progress.ts';

function line(file = 'big.pcap', size = 1_000e6, width = 80) {
  const written: string[] = [];
  const progress = progressLine((text) => written.push(text), { file, size, width, started: 0 });
  return { progress, written };
}

test('short work shows nothing', () => {
  const { progress, written } = line();
  progress.update(100e6, 0, 0.9e9);
  progress.done();
  expect(written).toEqual([]);
});

test('long work shows how far it is, at a steady pace, and wipes the line at the end', () => {
  const { progress, written } = line();
  progress.update(250e6, 17, 1e9);
  progress.update(260e6, 17, 1.1e9);
  progress.update(500e6, 18, 2e9);
  progress.done();
  expect(written).toEqual([
    '\r\x1b[Kbig.pcap  25 %  250 MB of 1000 MB  502s: 17  3.00 s left',
    '\r\x1b[Kbig.pcap  50 %  500 MB of 1000 MB  502s: 18  2.00 s left',
    '\r\x1b[K',
  ]);
});

test('a capture of unknown size shows what was read', () => {
  const { progress, written } = line('big.pcap', 0);
  progress.update(250e6, 0, 1e9);
  expect(written).toEqual(['\r\x1b[Kbig.pcap  250 MB  502s: 0']);
});

test('the line never wraps, and a file name cannot steer the terminal', () => {
  const { progress, written } = line(`\x1b[2J${'x'.repeat(100)}`, 1e9, 40);
  progress.update(1e6, 0, 1e9);
  expect(written[0]).toHaveLength('\r\x1b[K'.length + 39);
  expect(written[0]?.slice(4)).not.toContain('\x1b');
});

import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, expect, test } from 'vitest';
import {
  findProgram,
  type LiveStream,
  programArguments,
  programFolders,
  startProgram,
} from '../../../src/sources/capture/program.ts';
import { readCaptureStream } from '../../../src/sources/capture-file.ts';
import { interfaceBlock, sectionBlock } from '../../../src/sources/pcap/writer.ts';

const folder = mkdtempSync(join(tmpdir(), 'why502-program-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('what is wished for becomes arguments', () => {
  expect(programArguments({ interfaces: [], ports: [], duration: undefined })).toEqual([]);
  const packets = { interfaces: [], ports: [], duration: undefined, kernel: false };
  expect(programArguments(packets)).toEqual(['--no-witness']);
  expect(programArguments({ ...packets, kernel: true, yields: true })).toEqual(['--yield']);
  expect(programArguments({ interfaces: [], ports: [], duration: undefined, terminal: 1 })).toEqual([
    '--terminal',
    '3',
  ]);
  expect(programArguments({ interfaces: ['lo', 'eth0'], ports: [80, 8080], duration: '90s' })).toEqual(
    '--interface lo --interface eth0 --port 80 --port 8080 --duration 90s'.split(' '),
  );
});

test('limits and files become arguments too', () => {
  const files = { name: 'case.pcapng', count: 8, size: 1000 };
  const wish = { interfaces: [], ports: [], duration: undefined, memory: 5_000_000, processor: 2, files };
  expect(programArguments(wish)).toEqual(
    '--memory 5000000 --cpu 2 -w case.pcapng --files 8 --rotate-size 1000'.split(' '),
  );
});

test('the clone builds it into native/build, and PATH comes after that', () => {
  const [own, ...rest] = programFolders('/usr/bin::/opt/bin');
  expect(own).toMatch(/\/native\/build$/);
  expect(rest).toEqual(['/usr/bin', '/opt/bin']);
});

test('the first folder that has it executable is taken', () => {
  const [empty, plain, there] = ['empty', 'plain', 'there'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  for (const each of [empty, plain, there]) mkdirSync(each);
  for (const each of [plain, there]) writeFileSync(join(each, 'why502-capture'), '#!/bin/sh\n');
  chmodSync(join(there, 'why502-capture'), 0o755);
  chmodSync(join(plain, 'why502-capture'), 0o644);
  expect(findProgram([empty, plain, there])).toBe(join(there, 'why502-capture'));
  expect(findProgram([empty, plain])).toBeUndefined();
});

test('without it there is a remedy', () => {
  expect(startProgram({ interfaces: [], ports: [], duration: undefined }, {}, undefined, [folder])).toMatchObject({
    kind: 'failure',
    remedy: expect.stringContaining('make -C native'),
  });
});

test('whom it becomes is told beside who called sudo, who keeps what they had', async () => {
  const script = '#!/bin/sh\necho "$SUDO_UID:$SUDO_GID $WHY502_UID:$WHY502_GID"\n';
  writeFileSync(join(folder, 'why502-capture'), script, { mode: 0o755 });
  const wish = { interfaces: [], ports: [], duration: undefined };
  const nobody = { uid: 65_534, gid: 65_533 };
  const told = (env: Record<string, string>, identity: typeof nobody | undefined) =>
    text((startProgram(wish, env, identity, [folder]) as LiveStream).stream);
  const sudo = { SUDO_UID: '1000', SUDO_GID: '1001' };
  expect(await told(sudo, nobody)).toBe('1000:1001 65534:65533\n');
  expect(await told({}, nobody)).toBe(': 65534:65533\n');
  expect(await told(sudo, undefined)).toBe('1000:1001 :\n');
});

test('its stream is read, and its end is a value', async () => {
  const octets = Buffer.concat([sectionBlock(), interfaceBlock({ linkType: 1, name: 'lo' })]);
  writeFileSync(join(folder, 'stream'), octets);
  writeFileSync(join(folder, 'why502-capture'), `#!/bin/sh\ncat ${join(folder, 'stream')}\nexit 4\n`);
  chmodSync(join(folder, 'why502-capture'), 0o755);
  const started = startProgram({ interfaces: [], ports: [], duration: undefined }, process.env, undefined, [
    folder,
  ]) as LiveStream;
  const sink = { frame: () => {}, journal: () => {}, loss: () => {} };
  expect(await readCaptureStream('live', started.stream, sink)).toMatchObject({ interfaces: [{ name: 'lo' }] });
  expect(await started.ended).toBe(4);
});

/** Who serves an attempt over a unix socket is known also where the request is read before the call that sends it has returned. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inside } from '../lab/netns.ts';
import { printed } from '../lab/programs/start.ts';
import { newPlace, startCapture, stopWhenSeen } from './capture-program.ts';
import { startTraffic } from './capture-traffic.ts';
import { verdicts } from './lab-run.ts';

const LIMIT_MS = 60_000;
const REQUESTS = 200;

/** Looks for connections all the time, reads the first octets of each with one call, while others are being sent, and closes when they are. */
const READER = `
import os, socket, sys, time

listener = socket.socket(socket.AF_UNIX)
listener.bind(sys.argv[1])
listener.listen(64)
listener.setblocking(False)
accept, read = listener._accept, os.read
print('listening', flush=True)
while True:
    try:
        connection, _ = accept()
    except BlockingIOError:
        continue
    read(connection, 64)
    time.sleep(0.005)
    os.close(connection)
`;

test.each([
  ['', []],
  [', also by system calls', ['--without', 'unix']],
])(
  'a reader that is as quick as the sender is known%s',
  async (_, without) => {
    const place = newPlace();
    const traffic = await startTraffic(place);
    const socket = join(place.stage.dir, 'nginx', 'reader.sock');
    const reader = place.stage.start('reader', inside(place.namespace, 'python3', ['-c', READER, socket]), 'stdout');
    await printed(reader, 'listening');
    const file = join(place.stage.dir, 'case.pcapng');
    const capture = await startCapture(place, ['-i', 'lo', '--syscalls', ...without, '-w', file]);
    await traffic.ask([...Array.from({ length: REQUESTS }, (_each, n) => `/long/?n=${n}`), '/last']);
    await stopWhenSeen(capture, file, '/last');
    const told = await verdicts(file);
    const said = told.map(({ verdict: { cause, subcause, sentence } }) => [cause, subcause, sentence]);
    const who = expect.stringContaining(
      `python3 ${reader.process.pid} closed the connection without having read all of the request`,
    );
    expect(said).toEqual(Array(REQUESTS).fill(['reset-before-response', 'closed-unread', who]));
  },
  LIMIT_MS,
);

/** Who serves an attempt over a unix socket is known also where the request is read before the call that sent it has returned. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inside } from '../lab/netns.ts';
import { printed } from '../lab/programs/start.ts';
import { newPlace, startCapture, stopWhenSeen } from './capture-program.ts';
import { startTraffic } from './capture-traffic.ts';
import { verdicts } from './lab-run.ts';

const LIMIT_MS = 60_000;
const REQUESTS = 100;

/** Never sleeps: it looks for the next octets all the time, reads the request with one call, and closes. */
const READER = `
import socket, sys

def at_once(call):
    while True:
        try:
            return call()
        except BlockingIOError:
            pass

listener = socket.socket(socket.AF_UNIX)
listener.bind(sys.argv[1])
listener.listen(64)
listener.setblocking(False)
print('listening', flush=True)
while True:
    connection, _ = at_once(listener.accept)
    connection.setblocking(False)
    at_once(lambda: connection.recv(65536))
    connection.close()
`;

test.each([
  ['', []],
  [', also by system calls', ['--without', 'unix']],
])(
  'a reader that is as quick as the sender is known%s',
  async (_, without) => {
    const place = newPlace();
    const traffic = await startTraffic(place);
    const socket = join(place.stage.dir, 'nginx', 'peer.sock');
    const reader = place.stage.start('reader', inside(place.namespace, 'python3', ['-c', READER, socket]), 'stdout');
    await printed(reader, 'listening');
    const file = join(place.stage.dir, 'case.pcapng');
    const capture = await startCapture(place, ['-i', 'lo', '--syscalls', ...without, '-w', file]);
    await traffic.ask([...Array.from({ length: REQUESTS }, (_each, n) => `/hung-up/?n=${n}`), '/last']);
    await stopWhenSeen(capture, file, '/last');
    const told = await verdicts(file);
    const said = told.map(({ verdict: { cause, subcause, sentence } }) => [cause, subcause, sentence]);
    const who = expect.stringContaining(`python3 ${reader.process.pid} closed the connection by itself and lives on`);
    expect(said).toEqual(Array(REQUESTS).fill(['close-before-response', 'app-closed', who]));
  },
  LIMIT_MS,
);

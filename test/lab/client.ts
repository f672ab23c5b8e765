/** A client of the gateway, on a bare socket so that every octet and every close is ours. */
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { PlannedConnection, PlannedRequest } from './plan.ts';

export interface Outcome {
  /** 0 where the connection ended without a status line. */
  readonly status: number;
  readonly target: string;
  readonly why: 'answered' | 'closed' | 'aborted' | 'timeout';
}

/** A client is as patient as this. */
export const ANSWER_MS = 15_000;

/** Sends the connection's requests one after the other, in clear or inside TLS; stops early when the gateway closes. */
export async function drive(planned: PlannedConnection, tls: boolean): Promise<readonly Outcome[]> {
  const to = {
    host: planned.host,
    port: planned.port,
    ...(planned.localPort === undefined ? {} : { localPort: planned.localPort }),
  };
  const socket = tls ? connectTls({ ...to, rejectUnauthorized: false }) : connect(to);
  socket.setNoDelay(true);
  const outcomes: Outcome[] = [];
  try {
    await connected(socket, tls ? 'secureConnect' : 'connect');
    const reader = createReader(socket);
    for (const request of planned.requests) {
      socket.write(octetsOf(request, planned));
      const outcome = await reader.answer(request);
      outcomes.push(outcome);
      if (outcome.why !== 'answered' || reader.closed()) break;
    }
  } catch {
    outcomes.push({ target: planned.requests[outcomes.length]?.target ?? '', status: 0, why: 'closed' });
  }
  socket.destroy();
  return outcomes;
}

function connected(socket: Socket, event: 'connect' | 'secureConnect'): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once(event, resolve);
    socket.on('error', reject);
  });
}

function octetsOf(request: PlannedRequest, planned: PlannedConnection): Buffer {
  const fields = [
    `${request.method} ${request.target} HTTP/${planned.version}`,
    `Host: ${request.host}`,
    `User-Agent: ${planned.agent.name}`,
    `Accept-Language: ${planned.agent.language}`,
    'Accept: */*',
  ];
  if (request.method === 'POST') {
    fields.push('Content-Type: application/octet-stream', `Content-Length: ${request.bodyOctets}`);
  }
  const head = Buffer.from(`${fields.join('\r\n')}\r\n\r\n`);
  return request.method === 'POST' ? Buffer.concat([head, Buffer.alloc(request.bodyOctets, 'b')]) : head;
}

interface Reader {
  answer(request: PlannedRequest): Promise<Outcome>;
  closed(): boolean;
}

/** Reads one answer after the other: by length, by chunks, or up to the close. */
function createReader(socket: Socket): Reader {
  let pending: Buffer = Buffer.alloc(0);
  let ended = false;
  let wake = () => {};
  socket.on('data', (octets: Buffer) => {
    pending = Buffer.concat([pending, octets]);
    wake();
  });
  for (const event of ['end', 'close'] as const)
    socket.on(event, () => {
      ended = true;
      wake();
    });
  return {
    closed: () => ended,
    answer: ({ method, target, abortMs }) =>
      new Promise((resolve) => {
        const timer = setTimeout(
          () => finish({ target, status: 0, why: abortMs === undefined ? 'timeout' : 'aborted' }),
          abortMs ?? ANSWER_MS,
        );
        const finish = (outcome: Outcome) => {
          clearTimeout(timer);
          wake = () => {};
          resolve(outcome);
        };
        const look = () => {
          const parsed = parseAnswer(pending, method, ended);
          if (parsed !== undefined) {
            pending = pending.subarray(parsed.octets);
            if (parsed.close) ended = true;
            finish({ target, status: parsed.status, why: 'answered' });
          } else if (ended) finish({ target, status: 0, why: 'closed' });
        };
        wake = look;
        look();
      }),
  };
}

interface Answer {
  readonly status: number;
  readonly octets: number;
  readonly close: boolean;
}

/** `undefined` while the answer is not whole. */
export function parseAnswer(octets: Buffer, method: string, ended: boolean): Answer | undefined {
  const end = octets.indexOf('\r\n\r\n');
  if (end < 0) return ended && octets.length > 0 ? { status: 9, octets: octets.length, close: true } : undefined;
  const head = octets.toString('latin1', 0, end);
  const status = Number(/^HTTP\/1\.\d (\d{3})/.exec(head)?.[1] ?? 9);
  const close = /^connection: *close/im.test(head) || /^HTTP\/1\.0/.test(head);
  const body = end + 4;
  if (status === 204 || status === 304 || method === 'HEAD') return { status, octets: body, close };
  if (/^transfer-encoding: *chunked/im.test(head)) {
    const last = endOfChunks(octets, body);
    return last === undefined ? undefined : { status, octets: last, close };
  }
  const length = /^content-length: *(\d+)/im.exec(head)?.[1];
  if (length === undefined) return ended ? { status, octets: octets.length, close: true } : undefined;
  const total = body + Number(length);
  return octets.length >= total ? { status, octets: total, close } : undefined;
}

function endOfChunks(octets: Buffer, from: number): number | undefined {
  for (let at = from; ; ) {
    const lineEnd = octets.indexOf('\r\n', at);
    if (lineEnd < 0) return undefined;
    const size = Number.parseInt(octets.toString('latin1', at, lineEnd), 16);
    if (size === 0) {
      // Trailer fields, if any, stand between the last chunk and the blank line.
      const end = octets.indexOf('\r\n\r\n', lineEnd);
      return end < 0 ? undefined : end + 4;
    }
    const next = lineEnd + 2 + size + 2;
    if (next > octets.length) return undefined;
    at = next;
  }
}

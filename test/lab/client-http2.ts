/**
 * A client that speaks HTTP/2 inside TLS, one request after the other: nginx's log names the connection of an error, not the
 * stream, so that what was logged for requests under way at once cannot be told apart.
 */
import { type ClientHttp2Session, connect, constants } from 'node:http2';
import { ANSWER_MS, type Outcome } from './client.ts';
import type { Agent, PlannedConnection, PlannedRequest } from './plan.ts';

export async function driveHttp2({ host, port, requests, agent }: PlannedConnection): Promise<readonly Outcome[]> {
  const authority = host.includes(':') ? `[${host}]` : host;
  const session = connect(`https://${authority}:${port}`, { rejectUnauthorized: false });
  // What becomes of it shows in its streams.
  session.on('error', () => {});
  const outcomes: Outcome[] = [];
  for (const request of requests) outcomes.push(await ask(session, request, agent));
  session.destroy();
  return outcomes;
}

function ask(session: ClientHttp2Session, request: PlannedRequest, agent: Agent): Promise<Outcome> {
  const { method, target, host, bodyOctets, abortMs } = request;
  const stream = session.request({
    ':method': method,
    ':path': target,
    ':authority': host,
    'user-agent': agent.name,
    'accept-language': agent.language,
  });
  return new Promise((resolve) => {
    let status = 0;
    let why: Outcome['why'] = 'closed';
    const timer = setTimeout(() => {
      why = abortMs === undefined ? 'timeout' : 'aborted';
      stream.close(constants.NGHTTP2_CANCEL);
    }, abortMs ?? ANSWER_MS);
    stream.on('response', (fields) => {
      status = Number(fields[':status']);
    });
    stream.on('end', () => {
      if (status > 0) why = 'answered';
    });
    stream.on('error', () => {});
    stream.on('close', () => {
      clearTimeout(timer);
      resolve({ target, status: why === 'answered' ? status : 0, why });
    });
    stream.resume();
    stream.end(method === 'POST' ? Buffer.alloc(bodyOctets, 'b') : undefined);
  });
}

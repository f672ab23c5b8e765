/** What a scripted peer is, and the small words its behaviour is made of. */
import type { Socket } from 'node:net';
import type { TlsOptions } from 'node:tls';

/** One thing done to a connection. */
export type Act = (socket: Socket) => void;
/** Serves one accepted connection, handed over paused; `nth` counts the peer's connections from 0. */
export type Serve = (socket: Socket, nth: number) => void;

export interface Peer {
  readonly transport: 'tcp' | 'tls' | 'unix';
  /** 127.0.0.1 where absent; `far` is the other namespace. */
  readonly at?: 'local' | 'local6' | 'far' | 'far6';
  /** A port that the firewall knows; given by the table where absent. */
  readonly port?: number;
  /** Without it nothing listens: a closed port, or no socket file. */
  readonly serve?: Serve;
  readonly tls?: TlsOptions & { readonly clientCertificate?: boolean };
  /** unix only: a file that nobody listens on, or one that nginx's user may not open. */
  readonly file?: 'missing' | 'stale' | 'denied' | 'backlog';
}

export const closed = (at: 'local' | 'local6' = 'local'): Peer => ({ transport: 'tcp', at });
export const tcp = (serve: Serve, at: NonNullable<Peer['at']> = 'local'): Peer => ({ transport: 'tcp', at, serve });
export const unix = (serve: Serve): Peer => ({ transport: 'unix', serve });
export const unixFile = (file: NonNullable<Peer['file']>): Peer => ({ transport: 'unix', file });
export const tls = (serve: Serve, options: NonNullable<Peer['tls']> = {}): Peer => ({
  transport: 'tls',
  serve,
  tls: options,
});

/** RST: over TCP at once, over a unix socket by leaving its input unread. */
export const reset: Act = (socket) => {
  if (socket.remoteAddress === undefined) socket.destroy();
  else socket.resetAndDestroy();
};
/** FIN; what still comes is read and thrown away, so no RST follows. */
export const fin: Act = (socket) => {
  socket.end();
  socket.resume();
};
/** close(): FIN, or RST where input is unread or comes later. */
export const close: Act = (socket) => {
  socket.destroy();
};
/**
 * Closes after so long, and reads nothing of what comes until then, as a server whose idle timeout strikes just before the
 * next request. Node reads ahead of whoever pauses; its handle does not.
 */
export const idleOut =
  (ms: number): Act =>
  (socket) => {
    (socket as Socket & { readonly _handle?: { readStop(): void } })._handle?.readStop();
    after(ms, close)(socket);
  };
/** Says nothing for so long, then acts. */
export const after =
  (ms: number, act: Act): Act =>
  (socket) => {
    setTimeout(() => {
      if (!socket.destroyed) act(socket);
    }, ms);
  };
export const silence: Act = () => {};
export const say =
  (octets: string | Buffer, then?: Act): Act =>
  (socket) => {
    socket.write(octets, () => {
      if (!socket.destroyed) then?.(socket);
    });
  };

/** Acts as soon as the connection is accepted, without reading. */
export const onAccept =
  (act: Act): Serve =>
  (socket) =>
    act(socket);

/** Takes turns over the peer's connections. */
export const rotate =
  (...serves: readonly [Serve, ...Serve[]]): Serve =>
  (socket, nth) =>
    (serves[nth % serves.length] ?? serves[0])(socket, nth);

/** How many octets of the input make one whole request; 0 while it is not complete. */
export type Framing = (octets: Buffer) => number;

/**
 * Reads whole requests and answers the nth one on a connection with the nth act; the last act serves all that follow.
 * @param framing says where a request ends.
 */
export const onRequest =
  (framing: Framing, ...acts: readonly [Act, ...Act[]]): Serve =>
  (socket) => {
    let pending: Buffer = Buffer.alloc(0);
    let count = 0;
    socket.on('data', (octets: Buffer) => {
      pending = pending.length === 0 ? octets : Buffer.concat([pending, octets]);
      for (let used = framing(pending); used > 0; used = framing(pending)) {
        pending = pending.subarray(used);
        const act = acts[Math.min(count, acts.length - 1)] ?? acts[0];
        count += 1;
        act(socket);
        if (socket.destroyed) return;
      }
    });
    socket.on('end', () => socket.end());
    socket.resume();
  };

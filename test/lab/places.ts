/** Where everything of the lab is: addresses and ports inside the lab's own network namespaces. */

/** The gateway's namespace holds nginx, its local peers and the clients; `far` is one hop away over a veth pair. */
export const GATEWAY_ADDRESS = '10.77.0.1';
export const GATEWAY_ADDRESS_6 = 'fd77::1';
export const FAR_ADDRESS = '10.77.0.2';
export const FAR_ADDRESS_6 = 'fd77::2';

/** On the same link, but nobody answers for it: ARP stays silent. */
export const DEAD_ADDRESS = '10.77.0.99';
/** Behind `far`, which answers ICMP host unreachable. */
export const UNREACHABLE_ADDRESS = '10.78.0.10';
/** Behind `far`, which answers ICMP administratively prohibited. */
export const PROHIBITED_ADDRESS = '10.78.0.200';
/** The gateway has no route there at all: connect() fails at once. */
export const NO_ROUTE_ADDRESS = '192.0.2.1';
export const LOCAL_PROHIBIT_ADDRESS = '10.79.0.1';
export const LOCAL_BLACKHOLE_ADDRESS = '10.80.0.1';
export const LOCAL_UNREACHABLE_ADDRESS = '10.81.0.1';

/** Ports of `far` that its firewall treats; see netns.ts. */
export const FAR_PORT = {
  rejectReset: 7001,
  rejectIcmp: 7002,
  rejectAdmin: 7003,
  drop: 7004,
  /** Lets the handshake begin and drops everything after the SYN. */
  muteAfterSyn: 7005,
} as const;

/** A local port whose octets the gateway's own packet filter rejects with RST, once the connection is open. */
export const FILTERED_PORT = 7006;

export const OUTER_PORT = 8080;
export const INNER_PORT = 8180;

export const FPM_PORT = 9000;
/** A pool with request_terminate_timeout = 1s. */
export const FPM_SLOW_PORT = 9001;
/** A pool that serves other clients only (listen.allowed_clients). */
export const FPM_DISALLOWED_PORT = 9003;
/** A pool whose workers kill themselves. */
export const FPM_KILL_PORT = 9002;
/** Services of their own: without enough memory, told to stop, told to begin anew, with a short queue, with a time limit. */
export const FPM_OOM_PORT = 9010;
export const FPM_STOP_PORT = 9011;
export const FPM_FULL_PORT = 9012;
export const FPM_RELOAD_PORT = 9013;
export const GUNICORN_PORT = 9014;
/** A Node that has hardly any file descriptor left. */
export const NODE_FILES_PORT = 9015;
export const UWSGI_PORT = 9100;
/** An instance whose workers die, with harakiri after one second. */
export const UWSGI_KILL_PORT = 9101;
export const NODE_PORT = 3000;
/** The same, for kept-alive connections that it ends as soon as they idle. */
export const NODE_HASTY_PORT = 3002;
/** A cluster whose workers call process.exit(). */
export const NODE_CRASH_PORT = 3001;
/** openssl s_server that demand a client certificate, over TLS 1.2 and 1.3. */
export const MTLS_12_PORT = 9212;
export const MTLS_13_PORT = 9213;
/** Where the scripted resolver listens, and where none does; both on the port that resolvers have. */
export const RESOLVER = '127.0.0.1';
export const CLOSED_RESOLVER = '127.0.0.53';
export const DNS_PORT = 53;

/** First port given to a scripted peer; below the range that the kernel gives to clients. */
export const FIRST_PEER_PORT = 21_000;

/** `ADDR:PORT`, with brackets around an IPv6 address. */
export function authority(host: string, port: number | string): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/**
 * Boundary 1b, kernel -> incident: what the kernel of the captured host witnessed, in capture order with the packets.
 * A moment's frame is the number of the event's row, as Wireshark counts packets and events together.
 */
import type { Moment, Nanos } from './time.ts';

/**
 * Both ends of a connection, as `Endpoint.text` writes them: ours is that of the socket which did it. A unix socket that
 * connects has no name: it is told by the kernel's number of it (`unix:#7`).
 */
export interface Ends {
  readonly local: string;
  readonly remote: string;
}

export interface Process {
  readonly id: number;
  readonly name: string;
}

/** How a process dies: of a signal, or (signal 0) with an exit code. */
export interface Death {
  readonly signal: number;
  readonly code: number;
}

interface Witnessed {
  readonly moment: Moment;
}

/** What was said on a unix socket, or inside TLS, for the request under way: its beginning on both sides, and how much there was. */
export interface Talk {
  readonly request: Uint8Array;
  readonly response: Uint8Array;
  readonly requestOctets: number;
  readonly responseOctets: number;
  /** When the first octets were sent, and received; the latter is the end where there were none. */
  readonly requestedAt: Nanos;
  readonly respondedAt: Nanos;
}

/** A gateway's thread closed a connection that it had opened. */
export interface AttemptEnded extends Witnessed {
  readonly kind: 'attempt-ended';
  readonly process: Process;
  /** The kernel's own number of the connection; `after`: that of the attempt which this one is the retry of, 0 for none. */
  readonly socket: number;
  readonly after: number;
  /** `undefined` where connect() failed and nothing tells to where. */
  readonly ends: Ends | undefined;
  /** What the system call said; 0: no error. */
  readonly errno: number;
  /** It was never open. */
  readonly neverOpen: boolean;
  /** The peer closed first. */
  readonly byPeer: boolean;
  /** It was begun right after a client's octets were read: nothing was tried before it. */
  readonly first: boolean;
  readonly sent: number;
  readonly received: number;
  /** The connection had been used before, for another request. */
  readonly reused: boolean;
  /** Who read at the other end of a unix socket, and what was said there, as far as the kernel kept it. */
  readonly server: Process | undefined;
  readonly talk: Talk | undefined;
}

/** The same thread, right after an attempt ended, or after it read a client's octets (`direct`): it wrote to a client. */
export interface Answered extends Witnessed {
  readonly kind: 'answered';
  readonly process: Process;
  readonly ends: Ends;
  /** The kernel's own number of the client's connection. */
  readonly socket: number;
  /** The attempt that ended right before; 0: none. */
  readonly after: number;
  /** Between the client's octets and this nothing was done on any TCP connection. */
  readonly direct: boolean;
  /** Of the answer; 0 where it could not be read. */
  readonly status: number;
  /** What TLS hides of it from everybody else; of the answer no more than was written at once. */
  readonly talk: Talk | undefined;
  /** Inside TLS: which request of its connection it answers, counted since the kernel was asked; 0: not counted. */
  readonly nth: number;
  /** The same as frames of HTTP/2, perhaps from the midst of a connection, among those of other requests. */
  readonly frames: boolean;
}

/**
 * A gateway's thread wrote a line into its error log, and next it ended an attempt, or answered with a 502; of a unix socket the
 * attempt had just ended.
 */
export interface Logged extends Witnessed {
  readonly kind: 'logged';
  readonly process: Process;
  /** The attempt that it is about, or the client's connection that was answered. */
  readonly socket: number;
  /** From its message on, as nginx writes it: `connect() failed (111: ...) while ..., client: ..., request: "..."`; each octet a character. */
  readonly line: string;
}

/** An accepted connection was closed although it owed an answer. */
export interface PeerClosed extends Witnessed {
  readonly kind: 'peer-closed';
  readonly process: Process;
  readonly ends: Ends;
  /** `undefined`: the process goes on. */
  readonly death: Death | undefined;
}

export interface ResetSent extends Witnessed {
  readonly kind: 'reset-sent';
  /** `undefined`: in answer to a segment, by nobody in particular. */
  readonly process: Process | undefined;
  readonly ends: Ends;
  /** The kernel's word (enum sk_rst_reason); empty where it gives none. */
  readonly reason: string;
  /** Somebody had accepted the connection. */
  readonly accepted: boolean;
  /** Octets that had come, and that nobody had read; `undefined` where that is not told. */
  readonly unread: number | undefined;
  readonly death: Death | undefined;
}

export interface Exited extends Witnessed {
  readonly kind: 'exited';
  readonly process: Process;
  readonly death: Death;
}

export interface Signalled extends Witnessed {
  readonly kind: 'signalled';
  readonly signal: number;
  /** `undefined`: the kernel itself, for a fault or want of memory. */
  readonly sender: Process | undefined;
  readonly target: Process;
  /** The sender is the target's parent. */
  readonly byParent: boolean;
}

export interface OomVictim extends Witnessed {
  readonly kind: 'oom-victim';
  readonly victim: Process;
}

/** Somebody listens: when the capture began, or when a connection met a queue that seemed full. */
export interface Listening extends Witnessed {
  readonly kind: 'listening';
  /** `undefined`: who holds the socket could not be seen. */
  readonly process: Process | undefined;
  /** The systemd service or the container that it belongs to; empty where it is of none. */
  readonly unit: string;
  /** `ADDR:PORT` or `unix:/path`. */
  readonly address: string;
  /** Connections that waited to be accepted, and how many may. */
  readonly queue: number;
  readonly backlog: number;
  /** The longest backlog that the kernel allows. */
  readonly somaxconn: number;
}

/** The captured host threw a segment away; `ends`: where it was going to first. */
export interface Dropped extends Witnessed {
  readonly kind: 'dropped';
  readonly ends: Ends;
  /** The kernel's word (enum skb_drop_reason). */
  readonly reason: string;
}

/** Somebody who listens had no file descriptor left for a connection. */
export interface NotAccepting extends Witnessed {
  readonly kind: 'not-accepting';
  readonly process: Process;
  /** Whoever started it: of workers the one that listens. */
  readonly parent: number;
  /** EMFILE: its own limit; ENFILE: that of the whole host. */
  readonly errno: number;
}

/** Which of the kernel's probes there are, from here on. */
export interface WitnessBegan extends Witnessed {
  readonly kind: 'witness';
  readonly probes: readonly string[];
  /** Of every reset that TCP of this host sends, also where there is no socket. */
  readonly everyReset: boolean;
}

export type KernelEvent =
  | AttemptEnded
  | Answered
  | Logged
  | PeerClosed
  | ResetSent
  | Exited
  | Signalled
  | OomVictim
  | Listening
  | Dropped
  | NotAccepting
  | WitnessBegan;

/** The next station's input. */
export interface KernelSink {
  witnessed(event: KernelEvent): void;
}

/** What is known of the two processes of one attempt; every part may be missing. */
export interface AttemptWitness {
  /** How the gateway's thread ended it. */
  readonly ending: AttemptEnded | undefined;
  /** What it wrote about it into its error log. */
  readonly logged: Logged | undefined;
  /** Who closed or reset the connection at the peer's end. */
  readonly closer: PeerClosed | ResetSent | undefined;
  /** The closer's end, where it was dying. */
  readonly exit: Exited | undefined;
  /** Signals that ended the closer, or told it to stop, oldest first; and those that their sender had got itself. */
  readonly signals: readonly Signalled[];
  readonly orders: readonly Signalled[];
  readonly oom: OomVictim | undefined;
  /** Who listened there, as it was looked at last before the attempt was over. */
  readonly listener: Listening | undefined;
  /** The closer, or whoever listens there, had no file descriptor left shortly before. */
  readonly notAccepting: NotAccepting | undefined;
  /** A segment of either side that the captured host threw away. */
  readonly drop: Dropped | undefined;
  /** No reset came from this host, and this host is the peer's. */
  readonly foreignReset: boolean;
  /** Had a process of this host closed the connection, the kernel would have told. */
  readonly tellsClosers: boolean;
}

/** What this station saw and gave up: every give-up has a name and is counted. */
export interface ConnCounters {
  segments: number;
  opened: number;
  /** Copies of a frame made by the capture. */
  duplicates: number;
  /** Segments of no known connection that start none: late RST, ACK without octets, no ACK bit. */
  strays: number;
  /** Segments after the end of their connection. */
  late: number;
  /** RST whose sequence number its receiver would not accept. */
  implausibleResets: number;
  /** Sequence or acknowledgement numbers that cannot be: beyond any window, a SYN amid a connection, octets after FIN. */
  implausible: number;
  /** Inputs that the life of a connection has no row for. */
  violations: number;
  /** Destination unreachable that refused nothing. */
  unreachables: number;
  /** Octets declared missing, by why. */
  lost: number;
  cut: number;
  overLimit: number;
  /** Connections forgotten because the table was full. */
  evicted: number;
  /** Segments of connections that are not followed because the table was full of busy ones. */
  turnedAway: number;
  /** Connections not followed because too many addresses collide in the table. */
  crowded: number;
}

export function newCounters(): ConnCounters {
  return {
    segments: 0,
    opened: 0,
    duplicates: 0,
    strays: 0,
    late: 0,
    implausibleResets: 0,
    implausible: 0,
    violations: 0,
    unreachables: 0,
    lost: 0,
    cut: 0,
    overLimit: 0,
    evicted: 0,
    turnedAway: 0,
    crowded: 0,
  };
}

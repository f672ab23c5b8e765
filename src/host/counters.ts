/** What this station saw and gave up. */
export interface HostCounters {
  /** Messages that no resolver can read (RFC 1035 4.1), or that the capture cut. */
  malformed: number;
  /** Answers, and unreachables about port 53, whose question was not seen or is over. */
  unasked: number;
  /** Forgotten because a table was full. */
  evicted: number;
}

export function newCounters(): HostCounters {
  return { malformed: 0, unasked: 0, evicted: 0 };
}

/** What the station counts while it runs. */
export interface IncidentCounters {
  /** Requests at gateways that were answered. */
  requests: number;
  incidents: number;
  masked: number;
  /** Failed attempts that no request claimed. */
  unclaimed: number;
  /**
   * Answers inside TLS that a gateway's thread wrote right after an attempt of its own had failed: most likely 502s, which
   * cannot be told as such. At least so many: of requests without an attempt the kernel tells nothing.
   */
  veiled: number;
  /** Given up at a limit. */
  overLimit: number;
}

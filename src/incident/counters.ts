/** What the station counts while it runs. */
export interface IncidentCounters {
  /** Requests at gateways that were answered. */
  requests: number;
  incidents: number;
  masked: number;
  /** Failed attempts that no request claimed. */
  unclaimed: number;
  /** Given up at a limit. */
  overLimit: number;
}

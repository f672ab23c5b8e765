/** The last line of NDJSON: what the capture held, in counts. */
import { SCHEMA_VERSION } from './document.ts';
import type { Damage, RunFacts } from './sink.ts';
import type { Tally } from './tally.ts';
import { rfc3339 } from './time-text.ts';

export interface SummaryDocument {
  readonly type: 'summary';
  readonly schema: number;
  readonly file: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly durationMs: number;
  readonly requests: number;
  /** 502s that left a gateway. */
  readonly incidents: number;
  /** Requests with a failed attempt whose client got something other than a 502. */
  readonly masked: number;
  /** By cause, by peer (of the attempt the verdict is about), by gateway: incidents only. */
  readonly causes: Readonly<Record<string, number>>;
  readonly peers: Readonly<Record<string, number>>;
  readonly gateways: Readonly<Record<string, number>>;
  readonly maskedCauses: Readonly<Record<string, number>>;
  readonly maskedPeers: Readonly<Record<string, number>>;
  readonly frames: number;
  readonly octets: number;
  /** Records the capture says it lost. */
  readonly losses: number;
  readonly damage: Omit<Damage, 'remedy'> | null;
  readonly interrupted: boolean;
  readonly counters: Readonly<Record<string, number>>;
}

export function summaryDocument(run: RunFacts, incidents: Tally, masked: Tally): SummaryDocument {
  return {
    type: 'summary',
    schema: SCHEMA_VERSION,
    file: run.file,
    startedAt: rfc3339(run.epoch, run.started),
    endedAt: rfc3339(run.epoch, run.ended),
    durationMs: (run.ended - run.started) / 1e6,
    requests: run.requests,
    incidents: incidents.count,
    masked: masked.count,
    causes: Object.fromEntries(incidents.causes()),
    peers: Object.fromEntries(incidents.peers),
    gateways: Object.fromEntries(incidents.gateways),
    maskedCauses: Object.fromEntries(masked.causes()),
    maskedPeers: Object.fromEntries(masked.peers),
    frames: run.frames,
    octets: run.octets,
    losses: run.lost,
    damage: run.damage ? damageDocument(run.damage) : null,
    interrupted: run.interrupted,
    counters: run.counters,
  };
}

function damageDocument({ kind, offset, record, text }: Damage): Omit<Damage, 'remedy'> {
  return { kind, offset, record, text };
}

/** `{ wire: { cut: 3 } }` -> `{ 'wire.cut': 3 }`; what never happened is left out. */
export function flatCounters(counters: object, prefix = ''): Record<string, number> {
  const flat: Record<string, number> = {};
  for (const [name, value] of Object.entries(counters)) {
    if (typeof value === 'number' && value !== 0) flat[prefix + name] = value;
    else if (typeof value === 'object' && value !== null) {
      Object.assign(flat, flatCounters(value, `${prefix}${name}.`));
    }
  }
  return flat;
}

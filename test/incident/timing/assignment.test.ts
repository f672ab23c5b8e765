import { describe, expect, test } from 'vitest';
import { type Location, type SimulationOptions, simulate } from '../simulation.ts';

const down = '10.0.9.9:8080';
const LOCATIONS: readonly Location[] = [
  { path: '/ok', peers: [{ peer: '10.0.1.1:80', does: 'answers' }] },
  { path: '/api', peers: [{ peer: '10.0.1.2:80', does: 'answers' }] },
  { path: '/static', peers: [], own: 200 },
  { path: '/unix', peers: [], own: 502 },
  { path: '/down', peers: [{ peer: down, does: 'refuses' }] },
  { path: '/also-down', peers: [{ peer: down, does: 'refuses' }] },
  { path: '/reset', peers: [{ peer: '10.0.1.3:80', does: 'resets' }] },
  { path: '/shut', peers: [{ peer: '10.0.1.4:80', does: 'closes-on-accept' }] },
  {
    path: '/hidden',
    peers: [
      { peer: '10.0.1.5:80', does: 'refuses' },
      { peer: '10.0.1.1:80', does: 'answers' },
    ],
  },
  {
    path: '/both',
    peers: [
      { peer: '10.0.1.6:80', does: 'refuses' },
      { peer: '10.0.1.7:80', does: 'refuses' },
    ],
  },
  {
    path: '/mixed',
    peers: [
      { peer: '10.0.1.8:80', does: 'resets' },
      { peer: '10.0.1.9:80', does: 'refuses' },
    ],
  },
];

interface Score {
  readonly incidents: number;
  readonly right: number;
  readonly missed: number;
  readonly maskedFound: number;
  readonly maskedFalse: number;
  readonly certainWrong: number;
}

function score(options: Omit<SimulationOptions, 'locations'>): Score {
  const { incidents, truth } = simulate({ locations: LOCATIONS, ...options });
  const told = new Map(incidents.map((incident) => [incident.exchange.client.text, incident]));
  let right = 0;
  let missed = 0;
  let all = 0;
  let masked = 0;
  let maskedFound = 0;
  let certainWrong = 0;
  for (const [client, { status, peers }] of truth) {
    const incident = told.get(client);
    const tried = incident?.attempts.map(({ peer }) => peer.text) ?? [];
    if (status === 200 && peers.length > 1) {
      masked++;
      if (incident) maskedFound++;
    }
    if (status !== 502) continue;
    all++;
    if (!incident) missed++;
    else if (tried.join() === peers.join()) right++;
    else if (incident.rivals === 0 && incident.attempts.every(({ link }) => link === 'identity')) certainWrong++;
  }
  const maskedTold = incidents.filter(({ kind }) => kind === 'masked').length;
  return {
    incidents: all,
    right: right / all,
    missed,
    maskedFound: maskedFound / masked,
    maskedFalse: maskedTold - maskedFound,
    certainWrong,
  };
}

describe('under simulated load, whole chains of peers are found', { timeout: 60_000 }, () => {
  test.each([
    { concurrency: 8, workers: 1, ids: true, least: 0.995 },
    { concurrency: 24, workers: 2, ids: true, least: 0.99 },
    { concurrency: 64, workers: 2, ids: true, least: 0.98 },
    { concurrency: 24, workers: 2, ids: false, least: 0.98 },
  ])('$concurrency at once, $workers workers, unique targets: $ids', ({ least, ...options }) => {
    const result = score({ requests: 3000, seed: 1, ...options });
    expect(result.right).toBeGreaterThanOrEqual(least);
    expect(result.maskedFound).toBeGreaterThanOrEqual(0.97);
    expect(result).toMatchObject({ missed: 0, certainWrong: 0 });
    console.log(JSON.stringify({ ...options, ...result }));
  });
});

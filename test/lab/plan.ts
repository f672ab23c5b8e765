/** The load of a run: every connection and request, drawn from the seed before anything starts. */
import { INNER_PORT, OUTER_PORT } from './places.ts';
import { createPrng, type Prng } from './prng.ts';
import { type Method, pathOf, type Scenario, VIRTUAL_HOSTS, type VirtualHost } from './scenario.ts';

export interface PlannedRequest {
  readonly scenario: string;
  readonly method: Method;
  readonly host: VirtualHost;
  readonly target: string;
  readonly bodyOctets: number;
  readonly abortMs?: number;
}

/** A client as its fields show it. */
export interface Agent {
  readonly name: string;
  readonly language: string;
}

export interface PlannedConnection {
  readonly agent: Agent;
  readonly host: string;
  readonly port: number;
  readonly localPort?: number;
  readonly version: '1.0' | '1.1';
  readonly requests: readonly PlannedRequest[];
}

export interface Plan {
  /** Driven by the slots of the run's concurrency. */
  readonly quick: readonly PlannedConnection[];
  /** Driven by slots of their own, at the same time. */
  readonly slow: readonly PlannedConnection[];
}

export interface PlanOptions {
  readonly seed: number;
  readonly connections: number;
  /** No unique id in the targets. */
  readonly plainTargets: boolean;
  /** Half of the load goes to one URL. */
  readonly hotUrl: boolean;
}

const WORDS = ['item', 'list', 'checkout', 'cart', 'search', 'view'];
/** What clients call themselves: browsers first, then the programs that every site sees. */
const AGENTS = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15',
  'Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0',
  'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
  'python-requests/2.32.3',
  'curl/8.11.0',
  'okhttp/4.12.0',
  'Go-http-client/1.1',
];
const LANGUAGES = [
  'de-DE,de;q=0.9',
  'fr-FR,fr;q=0.9',
  'en-GB,en;q=0.8',
  'pt-BR,pt;q=0.9',
  'ja,en-US;q=0.9',
  'es-ES,es;q=0.9',
];
const HOT = 'hot';
/** Below the kernel's range and above the peers'. */
const FIRST_OWN_PORT = 30_000;

export function makePlan(scenarios: readonly Scenario[], options: PlanOptions): Plan {
  const prng = createPrng(options.seed);
  const quick = scenarios.filter((scenario) => scenario.load?.slow === undefined && scenario.load?.weight !== 0);
  const wheel = (healthy: boolean) => quick.filter((scenario) => (scenario.healthy ?? false) === healthy);
  const [good, bad] = [wheel(true), wheel(false)];
  const hot = scenarios.find((scenario) => scenario.name === HOT);
  let count = 0;
  const request = (scenario: Scenario) => planRequest(scenario, prng, options, count++);
  const draw = (): Scenario => {
    if (options.hotUrl && hot !== undefined && prng.chance(0.5)) return hot;
    const half = bad.length === 0 || (good.length > 0 && prng.chance(0.5)) ? good : bad;
    return weighted(half, prng);
  };
  const connections = Array.from({ length: options.connections }, () => {
    const first = draw();
    const gateway = gatewayOf(first, prng);
    const size = 1 + prng.integer(4);
    // A connection has one listener; a request for another one is drawn again.
    const others = Array.from({ length: first.load?.alone ? 0 : size - 1 }, () => {
      for (;;) {
        const scenario = draw();
        if (scenario.load?.alone !== true && speaks(scenario, gateway)) return scenario;
        if (scenarios.length === 1) return scenario;
      }
    });
    return planConnection(gateway, [first, ...others].map(request), prng);
  });
  const slow = scenarios.flatMap((scenario) =>
    Array.from({ length: scenario.load?.slow ?? 0 }, (_, n) => ({
      ...planConnection(gatewayOf(scenario, prng), [request(scenario)], prng),
      ...(scenario.ownPorts ? { localPort: FIRST_OWN_PORT + n } : {}),
    })),
  );
  return { quick: connections, slow: shuffle(slow, prng) };
}

function speaks(scenario: Scenario, gateway: 'outer' | 'inner'): boolean {
  const mine = scenario.gateway ?? 'outer';
  return mine === 'both' || mine === gateway;
}

function gatewayOf(scenario: Scenario, prng: Prng): 'outer' | 'inner' {
  const mine = scenario.gateway ?? 'outer';
  if (mine !== 'both') return mine;
  return prng.chance(0.7) ? 'outer' : 'inner';
}

function planConnection(
  gateway: 'outer' | 'inner',
  requests: readonly PlannedRequest[],
  prng: Prng,
): PlannedConnection {
  const old = prng.chance(0.05);
  return {
    agent: agentOf(prng),
    host: prng.chance(0.25) ? '::1' : '127.0.0.1',
    port: gateway === 'outer' ? OUTER_PORT : INNER_PORT,
    version: old ? '1.0' : '1.1',
    requests: old ? requests.slice(0, 1) : requests,
  };
}

/** One of the usual few clients, as often as not, or one of the many others. */
function agentOf(prng: Prng): Agent {
  const name = prng.chance(0.5) ? prng.pick(AGENTS.slice(0, 3)) : prng.pick(AGENTS);
  return { name, language: prng.chance(0.5) ? 'en-US,en;q=0.9' : prng.pick(LANGUAGES) };
}

function planRequest(scenario: Scenario, prng: Prng, options: PlanOptions, n: number): PlannedRequest {
  const load = scenario.load ?? {};
  const method = prng.pick(load.methods ?? (['GET', 'GET', 'POST'] as const));
  const { min, max } = load.body ?? { min: 12, max: 600 };
  const hot = options.hotUrl && scenario.name === HOT;
  const word = hot ? 'offer' : prng.pick(load.words ?? WORDS);
  const id = options.plainTargets || hot ? '' : `?id=${options.seed}-${n}`;
  return {
    scenario: scenario.name,
    method,
    host: prng.pick(scenario.hosts ?? VIRTUAL_HOSTS),
    target: `${pathOf(scenario)}${word}${id}`,
    bodyOctets: method === 'POST' ? min + prng.integer(max - min + 1) : 0,
    ...(load.abortMs === undefined ? {} : { abortMs: load.abortMs }),
  };
}

function weighted(scenarios: readonly Scenario[], prng: Prng): Scenario {
  const total = scenarios.reduce((sum, scenario) => sum + (scenario.load?.weight ?? 1), 0);
  let left = prng.next() * total;
  for (const scenario of scenarios) {
    left -= scenario.load?.weight ?? 1;
    if (left < 0) return scenario;
  }
  return prng.pick(scenarios);
}

function shuffle<T>(items: readonly T[], prng: Prng): readonly T[] {
  return items
    .map((item) => ({ item, at: prng.next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

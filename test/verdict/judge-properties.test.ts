/** Whatever the facts: a failed attempt has exactly one cause, nothing throws, and `certain` is earned. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CAUSES, NEIGHBOURS, UNKNOWN_REASONS } from '../../src/model/cause.ts';
import type { Attempt, Incident } from '../../src/model/incident.ts';
import type { FaultName, ProtocolName } from '../../src/model/message.ts';
import { outcomeOf } from '../../src/model/outcome.ts';
import type { Finding } from '../../src/model/verdict.ts';
import { judge } from '../../src/verdict/judge.ts';
import { causeFileOf } from '../../src/verdict/registry.ts';
import {
  type AttemptPlan,
  alert,
  attempt,
  fault,
  goaway,
  incident,
  moment,
  noLive,
  streamReset,
  tls,
} from '../kit/incidents.ts';

const RUNS = { numRuns: 400 };

const FAULTS: readonly FaultName[] = [
  'header-line',
  'header-conflict',
  'status',
  'http09',
  'head-too-big',
  'chunk',
  'record-version',
  'record-type',
  'record-request-id',
  'memcached-reply',
  'record-unexpected',
  'http2-frame',
  'other-protocol',
];

const ms = fc.double({ min: 0, max: 70_000, noNaN: true });
const maybeMoment = fc.option(ms.map(moment), { nil: undefined });
const octets = fc.oneof(fc.nat(100), fc.nat(100_000));

const faults = fc.array(
  fc
    .tuple(
      fc.constantFrom(...FAULTS),
      fc.constantFrom('', 'http', 'tls', 'fastcgi', 'duplicate', 'cl-te', 'end-request'),
      fc.string({ unit: 'binary' }),
    )
    .map(([name, detail, sample]) => fault(name, detail, sample)),
  { maxLength: 2 },
);

const response = fc.record(
  {
    status: fc.constantFrom(0, 200, 413, 500, 502, 503),
    head: maybeMoment,
    end: maybeMoment,
    how: fc.constantFrom('complete', 'closed', 'cut', undefined),
    octets,
    bodyOctets: octets,
    fields: fc.array(fc.record({ name: fc.string(), value: fc.string() }), { maxLength: 3 }),
  },
  { requiredKeys: [] },
);

const stream = fc.record(
  {
    octets,
    acknowledged: octets,
    firstOctet: maybeMoment,
    lastOctet: maybeMoment,
    fin: maybeMoment,
    rst: maybeMoment,
    retransmissions: fc.nat(9),
    zeroWindow: fc.boolean(),
    ttl: fc.nat(255),
    rstTtl: fc.nat(255),
  },
  { requiredKeys: [] },
);

const connection = fc.record(
  {
    midstream: fc.boolean(),
    syn: maybeMoment,
    synAck: maybeMoment,
    established: maybeMoment,
    syns: fc.nat(7),
    incomplete: fc.boolean(),
  },
  { requiredKeys: [] },
);

const tlsFacts = fc
  .record({
    clientHello: maybeMoment,
    serverHello: maybeMoment,
    applicationData: maybeMoment,
    answer: maybeMoment,
    alerts: fc.array(
      fc.tuple(fc.integer({ min: -1, max: 255 }), ms).map(([description, at]) => alert(description, at)),
      { maxLength: 2 },
    ),
  })
  .map(tls);

const PROTOCOLS: readonly (ProtocolName | undefined)[] = [
  'http/1',
  'fastcgi',
  'uwsgi',
  'scgi',
  'memcached',
  'http/2',
  'tls',
  undefined,
];

const plan: fc.Arbitrary<AttemptPlan> = fc
  .record(
    {
      server: fc.constantFrom('rst', 'fin', 'refuses', 'nothing'),
      afterRequestMs: ms,
      gatewayAfterMs: ms,
      gatewayRst: fc.boolean(),
      protocol: fc.constantFrom(...PROTOCOLS),
      reused: fc.boolean(),
      idleMs: ms,
      unread: fc.boolean(),
      request: fc.constantFrom(undefined, {}, { end: undefined }),
      response,
      serverOctets: octets,
      tls: tlsFacts,
      faults,
      clientStream: stream,
      serverStream: stream,
      connection,
      link: fc.constantFrom('kernel', 'log', 'identity', 'timing'),
      margin: fc.constantFrom(0, 3, 9.9, 11, 40, Number.POSITIVE_INFINITY),
      interchangeable: fc.boolean(),
      exchange: fc.record(
        {
          incomplete: fc.boolean(),
          stderr: fc.string(),
          goaway: fc.nat(20).map((code) => goaway(code)),
          streamReset: fc.nat(20).map((code) => streamReset(code)),
          clientOctets: octets,
        },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: [] },
  )
  .map((made) => made as AttemptPlan);

const refused: fc.Arbitrary<AttemptPlan> = fc
  .tuple(fc.constantFrom(4 as const, 6 as const), fc.nat(20))
  .map(([version, code]) => ({
    refusal: { how: 'unreachable', version, code, reporter: '10.0.0.254', moment: moment(0.2) },
  }));

const incidents: fc.Arbitrary<Incident> = fc
  .record({
    plans: fc.array(fc.oneof({ weight: 9, arbitrary: plan }, { weight: 1, arbitrary: refused }), { maxLength: 3 }),
    kind: fc.constantFrom('incident', 'masked'),
    status: fc.constantFrom(0, 200, 500, 504),
    method: fc.constantFrom('GET', 'POST'),
    rivals: fc.nat(1),
    losses: fc.nat(1),
    left: fc.option(fc.record({ sure: fc.boolean(), afterStaleKeepalive: fc.boolean() }), { nil: undefined }),
    answeredMs: ms,
  })
  .map(({ plans, kind, status, method, rivals, losses, left, answeredMs }) =>
    incident({
      attempts: plans.map((each, index) => attempt({ ...each, n: index + 1 })),
      kind,
      method,
      answeredMs,
      status: kind === 'incident' ? 502 : status,
      incident: { rivals, losses, noLive: left && noLive(left) },
    }),
  );

function findingsOf(around: Incident): readonly Finding[] {
  const verdict = judge(around);
  return [verdict.finding, ...verdict.attempts.flatMap(({ finding }) => finding ?? [])];
}

function mayBeCertain(around: Incident, tried: Attempt): boolean {
  const lost =
    around.losses > 0 ||
    around.exchange.incomplete ||
    tried.exchange?.incomplete ||
    tried.exchange?.connection.incomplete;
  return tried.link !== 'timing' && around.rivals === 0 && !lost;
}

describe('whatever the facts', () => {
  test('every failed attempt has exactly one cause of the closed list, and the incident has one', () => {
    const known: ReadonlySet<string> = new Set([...CAUSES, ...NEIGHBOURS]);
    fc.assert(
      fc.property(incidents, (around) => {
        const verdict = judge(around);
        expect(verdict.attempts).toHaveLength(around.attempts.length);
        expect(findingsOf(around).filter(({ cause }) => !known.has(cause))).toEqual([]);
        for (const { attempt: tried, finding } of verdict.attempts) {
          const answered = tried.exchange && outcomeOf(tried.exchange).is === 'answered';
          if (!answered) expect(finding).toBeDefined();
        }
      }),
      RUNS,
    );
  });

  test('nothing is certain with a link by timing, with rivals or with loss; no attempt is never certain', () => {
    fc.assert(
      fc.property(incidents, (around) => {
        const verdict = judge(around);
        for (const { attempt: tried, finding } of verdict.attempts) {
          if (finding?.confidence === 'certain') expect(mayBeCertain(around, tried)).toBe(true);
        }
        if (verdict.finding.confidence === 'certain') {
          expect(around.attempts.length).toBeGreaterThan(0);
          expect(around.rivals + around.losses).toBe(0);
          expect(around.attempts.every(({ link }) => link !== 'timing')).toBe(true);
        }
      }),
      RUNS,
    );
  });

  test('certain has no alternatives', () => {
    fc.assert(
      fc.property(incidents, (around) => {
        expect(
          findingsOf(around).filter(
            ({ confidence, alternatives }) => confidence === 'certain' && alternatives.length > 0,
          ),
        ).toEqual([]);
      }),
      RUNS,
    );
  });

  test('a subcause is of the closed list of its cause, or a number', () => {
    fc.assert(
      fc.property(incidents, (around) => {
        for (const { cause, subcause } of findingsOf(around)) {
          const names = Object.keys(causeFileOf(cause).subcauses ?? {});
          if (subcause !== '' && !/^\d+$/.test(subcause)) expect(names).toContain(subcause);
          if (cause === 'unknown') expect(UNKNOWN_REASONS).toContain(subcause);
        }
      }),
      RUNS,
    );
  });

  test('every text is printable ASCII in one line, and there is advice', () => {
    fc.assert(
      fc.property(incidents, (around) => {
        for (const { sentence, evidence, alternatives, unseen, advice } of findingsOf(around)) {
          const texts = [
            sentence,
            ...evidence.map(({ text }) => text),
            ...alternatives.map(({ why }) => why),
            ...unseen,
            ...advice,
          ];
          for (const text of texts) expect(text).toMatch(/^[\x20-\x7e]+$/);
          expect(advice.length).toBeGreaterThan(0);
        }
      }),
      RUNS,
    );
  });

  test('the same incident gives the same words', () => {
    fc.assert(
      fc.property(incidents, (around) => {
        expect(judge(around)).toEqual(judge(around));
      }),
      { numRuns: 200 },
    );
  });
});

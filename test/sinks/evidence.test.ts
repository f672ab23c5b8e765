import { expect, test } from 'vitest';
import { endpoint } from '../../src/model/endpoint.ts';
import type { AddressWords, SegmentSink } from '../../src/model/segment.ts';
import type { Frame } from '../../src/model/source-record.ts';
import {
  EVIDENCE_FILES_LIMIT,
  EVIDENCE_FILES_PER_KIND,
  EvidencePlans,
  evidencePicker,
  evidenceText,
} from '../../src/sinks/evidence.ts';
import { MASK_SECRETS } from '../../src/sinks/secrets.ts';
import { attempt, connection, exchange, finding, moment, tried, verdict } from './kit/verdicts.ts';

type Said = Pick<SegmentSink, never> & { from: string; to: string; kind?: 'segment' | 'unreachable' | 'neighbour' };

function words(address: string): AddressWords {
  const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number);
  return { w0: 0, w1: 0, w2: 0xffff, w3: ((a << 24) | (b << 16) | (c << 8) | d) >>> 0 };
}

/** Runs the second pass over frames given as what they say; returns `id:frame` of all that was kept. */
function picked(plans: EvidencePlans, frames: readonly (Said & { number: number; milli: number })[]): string[] {
  const kept: string[] = [];
  let said: Said | undefined;
  const decode = (sink: SegmentSink) => ({
    frame() {
      const { from, to, kind = 'segment' } = said as Said;
      const [source = '', sourcePort = '0'] = from.split(':');
      const [destination = '', destinationPort = '0'] = to.split(':');
      const ends = { source: words(source), destination: words(destination), target: words(destination) };
      const ports = { sourcePort: Number(sourcePort), destinationPort: Number(destinationPort) };
      (sink[kind] as (value: unknown) => void)({ ...ends, ...ports });
    },
  });
  const pick = evidencePicker(plans.plans, decode, (plan, frame) => kept.push(`${plan.id}:${frame.number}`));
  for (const { number, milli, ...rest } of frames) {
    said = rest;
    pick({ number, at: milli * 1e6 } as Frame);
  }
  return kept;
}

function plansFor(...verdicts: Parameters<EvidencePlans['add']>[0][]): EvidencePlans {
  const plans = new EvidencePlans(MASK_SECRETS);
  for (const one of verdicts) plans.add(one);
  return plans;
}

const DOWN = { from: '203.0.113.9:58884', to: '10.0.0.1:80' };
const UP = { from: '127.0.0.1:41000', to: '127.0.0.1:9000' };

test('frames of the request and of its attempts are kept, in both directions; others are not', () => {
  const kept = picked(plansFor(verdict()), [
    { ...DOWN, number: 8788, milli: 7219 },
    { ...UP, number: 8794, milli: 7221 },
    { from: UP.to, to: UP.from, number: 8812, milli: 9531 },
    { from: '127.0.0.1:41001', to: UP.to, number: 8813, milli: 9531 },
    { from: '127.0.0.2:41000', to: UP.to, number: 8814, milli: 9531 },
  ]);
  expect(kept).toEqual(['i-17:8794', 'i-17:8812']);
});

test('a port used again much later is another connection', () => {
  expect(picked(plansFor(verdict()), [{ ...UP, number: 20_000, milli: 60_000 }])).toEqual([]);
});

test('of a connection in use for hours its handshake and the last minute are kept', () => {
  const first = moment(10, 3);
  const old = connection({ first, syn: first, established: moment(12, 5), last: moment(3_600_000, 90_000) });
  const late = tried({ connection: old, reused: true, start: moment(3_599_990, 89_990) });
  const plans = plansFor(verdict({ attempts: [{ attempt: attempt({ exchange: late }), finding: finding() }] }));
  const kept = picked(plans, [
    { ...UP, number: 3, milli: 10 },
    { ...UP, number: 5, milli: 12 },
    { ...UP, number: 6, milli: 13 },
    { ...UP, number: 80_000, milli: 3_590_000 },
    { ...UP, number: 90_001, milli: 3_600_500 },
  ]);
  expect(kept).toEqual(['i-17:3', 'i-17:5', 'i-17:80000', 'i-17:90001']);
});

test('an unreachable that quotes the connection is kept, and questions for an address nobody answered for', () => {
  const silent = { asker: '10.0.0.1', target: '10.0.0.9', first: moment(1, 5), last: moment(3001, 9), queries: 3 };
  const dead = attempt({ n: 2, peer: endpoint('10.0.0.9', 0), exchange: undefined, silent });
  const plans = plansFor(
    verdict({
      attempts: [
        { attempt: attempt(), finding: finding() },
        { attempt: dead, finding: finding() },
      ],
    }),
  );
  const kept = picked(plans, [
    { ...UP, kind: 'unreachable', number: 8800, milli: 8000 },
    { from: '10.0.0.1', to: '10.0.0.9', kind: 'neighbour', number: 8801, milli: 8000 },
    { from: '10.0.0.1', to: '10.0.0.8', kind: 'neighbour', number: 8802, milli: 8000 },
  ]);
  expect(kept).toEqual(['i-17:8800', 'i-17:8801']);
});

test('a frame of two incidents goes to both', () => {
  const plans = plansFor(verdict(), verdict({ incident: { id: 'i-18' } }));
  expect(picked(plans, [{ ...UP, number: 8794, milli: 7221 }])).toEqual(['i-17:8794', 'i-18:8794']);
});

test('the comment holds the verdict, without secrets and control characters', () => {
  const found = finding({ sentence: 'asked for /a?token=abc\x1b[2J' });
  const [plan] = plansFor(verdict({ finding: found })).plans;
  expect(plan?.comment).toBe('why502 i-17: reset-before-response, likely. asked for /a?token=***');
});

test('one kind of failure does not use up the files of the others', () => {
  const many = Array.from({ length: 500 }, (_, n) =>
    verdict({
      attempts: [
        {
          attempt: attempt({ peer: endpoint('10.0.0.9', 1 + (n % 20)) }),
          finding: finding(),
        },
      ],
      incident: { id: `i-${n}`, exchange: exchange() },
    }),
  );
  const plans = plansFor(...many.filter((_, n) => n % 20 === 0));
  expect(plans.plans).toHaveLength(EVIDENCE_FILES_PER_KIND);
  expect(plans.omitted).toBe(15);
  expect(plansFor(...many).plans).toHaveLength(EVIDENCE_FILES_LIMIT);
});

test('what was saved and what was not is told', () => {
  expect(evidenceText('out', { files: 1, omitted: 0 }, 0)).toEqual([
    'Saved 1 file in out (as captured: with secrets).',
  ]);
  expect(evidenceText('out', { files: 100, omitted: 7 }, 5)).toHaveLength(3);
});

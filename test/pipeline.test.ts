/** The whole line on captures made here: frames in, verdicts out. */
import { expect, test } from 'vitest';
import { MILLISECOND, type Nanos, SECOND } from '../src/model/time.ts';
import type { Verdict } from '../src/model/verdict.ts';
import { createPipeline, type Pipeline } from '../src/pipeline.ts';
import { CaptureStream } from '../src/sources/pcap/capture-stream.ts';
import { Reading } from '../src/sources/pcap/reading.ts';
import { refusedCapture } from './sinks/kit/refused-capture.ts';

interface Run {
  readonly pipeline: Pipeline;
  readonly verdicts: Verdict[];
  readonly losses: number[];
  readonly latest: Nanos;
}

/** All records of a capture, without the end. */
function run(capture: Uint8Array, settle: Nanos = 250 * MILLISECOND, gateways: readonly string[] = []): Run {
  const verdicts: Verdict[] = [];
  const losses: number[] = [];
  const pipeline = createPipeline(
    { gateways, settle },
    { verdict: (verdict) => verdicts.push(verdict), loss: ({ count }) => losses.push(count) },
  );
  const reading = new Reading(pipeline, { epoch: () => {} });
  const stream = new CaptureStream(reading);
  stream.push(capture);
  stream.end();
  return { pipeline, verdicts, losses, latest: reading.latest };
}

const said = ({ verdicts }: Run): string[] => verdicts.map(({ finding }) => finding.cause);

test('a 502 becomes a verdict, with the attempt that caused it', () => {
  const made = run(refusedCapture());
  made.pipeline.end();
  expect(said(made)).toEqual(['connect-refused']);
  const [verdict] = made.verdicts;
  expect(verdict?.incident.exchange.request?.target).toBe('/api/cart?id=7');
  expect(verdict?.attempts.map(({ attempt }) => attempt.peer.text)).toEqual(['10.0.0.7:8080']);
});

test('a verdict is given once capture time has passed the settle window, with or without records', () => {
  const made = run(refusedCapture());
  expect(said(made)).toEqual([]);
  made.pipeline.tick(made.latest + SECOND);
  expect(said(made)).toEqual(['connect-refused']);
  made.pipeline.end();
  expect(said(made)).toEqual(['connect-refused']);
});

test('later frames let earlier requests settle', () => {
  const made = run(refusedCapture({ requests: 40 }));
  expect(made.verdicts.length).toBeGreaterThan(20);
  made.pipeline.end();
  expect(made.verdicts).toHaveLength(40);
});

test('an endpoint that is not among the gateways named is none', () => {
  const made = run(refusedCapture(), SECOND, ['10.0.0.99:80']);
  made.pipeline.end();
  expect(made.verdicts).toEqual([]);
});

test('a loss is handed on at once', () => {
  const made = run(new Uint8Array());
  made.pipeline.loss({ at: 0, count: 23, where: 'ring' });
  expect(made.losses).toEqual([23]);
});

test('every station counts', () => {
  const made = run(refusedCapture({ requests: 3 }));
  made.pipeline.journal({ number: 31, at: made.latest, fields: new Map() });
  made.pipeline.end();
  expect(made.pipeline.counters()).toMatchObject({
    frames: 30,
    kernel: { events: 0, unreadable: 0 },
    protocols: { recognised: { 'http/1': 3 }, unrecognised: 0 },
    incidents: { requests: 3, incidents: 3, masked: 0 },
  });
});

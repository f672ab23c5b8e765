import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { CAUSES, NEIGHBOURS, UNKNOWN_REASONS } from '../../src/model/cause.ts';
import { endpoint } from '../../src/model/endpoint.ts';
import { ndjsonSink } from '../../src/sinks/ndjson.ts';
import { CONTEXT, type Fed, textOf } from './kit/sink-text.ts';
import { attempt, attemptless, finding, maskedVerdict, moment, tried, verdict } from './kit/verdicts.ts';

const schema = JSON.parse(readFileSync(new URL('../../src/sinks/ndjson.schema.json', import.meta.url), 'utf8'));
const valid = new Ajv2020({ allowUnionTypes: true }).compile(schema);

function lines(fed: Fed): Record<string, unknown>[] {
  const text = textOf((output) => ndjsonSink(output, () => CONTEXT), fed);
  expect(text.endsWith('\n')).toBe(true);
  const documents = text
    .slice(0, -1)
    .split('\n')
    .map((line) => JSON.parse(line));
  for (const document of documents) expect(valid(document) ? [] : valid.errors).toEqual([]);
  return documents;
}

test('an incident, a masked failure, a loss and the summary are a line each, in order, and fit the schema', () => {
  const documents = lines({
    losses: [{ at: 12e9, count: 40, where: 'kernel ring' }],
    verdicts: [verdict(), maskedVerdict()],
  });
  expect(documents.map(({ type }) => type)).toEqual(['loss', 'incident', 'masked', 'summary']);
  expect(documents).toMatchSnapshot();
});

test('every cause and every reason of not knowing fits the schema', () => {
  const causes = [...CAUSES, ...NEIGHBOURS].filter((cause) => cause !== 'unknown');
  const findings = [
    ...causes.map((cause) => finding({ cause })),
    ...UNKNOWN_REASONS.map((reason) => finding({ cause: 'unknown', subcause: reason })),
  ];
  const documents = lines({ verdicts: findings.map((found) => verdict({ finding: found })) });
  expect(documents).toHaveLength(findings.length + 1);
});

test('a 502 whose cause is not known says why, not a subcause', () => {
  const [document] = lines({ verdicts: [verdict({ finding: finding({ cause: 'unknown', subcause: 'unlinked' }) })] });
  expect(document?.['verdict']).toMatchObject({ cause: 'unknown', subcause: null, reason: 'unlinked' });
});

test('an incident without an attempt lists what led to it', () => {
  const [document] = lines({ verdicts: [attemptless()] });
  expect(document).toMatchObject({ attempts: [], rootChain: ['i-15', 'm-2'] });
});

test('evidence that belongs to no attempt is told once, by the incident', () => {
  const evidence = [{ moment: moment(7222, 8791), source: 'packet' as const, text: 'DNS answer: SERVFAIL' }];
  const [document, other] = lines({ verdicts: [attemptless({ cause: 'resolver-failed', evidence }), verdict()] });
  expect(document?.['evidence']).toMatchObject([{ ref: 'frame 8791', text: 'DNS answer: SERVFAIL' }]);
  expect(other?.['evidence']).toEqual([]);
});

test('an attempt that left no connection has the times of the address nobody answered for', () => {
  const silent = { asker: '10.0.0.1', target: '10.0.0.9', first: moment(1, 5), last: moment(3001, 9), queries: 3 };
  const dead = attempt({ peer: endpoint('10.0.0.9', 0), exchange: undefined, silent });
  const found = finding({ cause: 'connect-host-unreachable' });
  const [document] = lines({ verdicts: [verdict({ attempts: [{ attempt: dead, finding: found }] })] });
  expect(document?.['attempts']).toMatchObject([
    {
      peer: '10.0.0.9:0',
      protocol: null,
      startedAt: '2026-11-20T12:31:00.001000000Z',
      endedAt: '2026-11-20T12:31:03.001000000Z',
    },
  ]);
});

test('a unix socket and IPv6 peers are written as the schema says', () => {
  const peers = [endpoint('unix:/run/php/fpm.sock', 0), endpoint('2001:db8::7', 8080)];
  const documents = lines({
    verdicts: peers.map((peer) =>
      verdict({ attempts: [{ attempt: attempt({ peer, exchange: tried() }), finding: finding() }] }),
    ),
  });
  expect(documents[0]?.['attempts']).toMatchObject([{ peer: 'unix:/run/php/fpm.sock', transport: 'unix' }]);
  expect(documents[1]?.['attempts']).toMatchObject([{ peer: '[2001:db8::7]:8080', transport: 'tcp' }]);
});

const DAMAGE = { kind: 'damaged', offset: 77, record: 5, text: 'block length 3 is less than 12' } as const;

test('the summary counts by cause, peer and gateway, and names the damage', () => {
  const documents = lines({
    verdicts: [verdict(), verdict(), attemptless(), maskedVerdict()],
    run: { damage: { ...DAMAGE, remedy: 'Copy the file again.' }, lost: 40 },
  });
  expect(documents.at(-1)).toMatchObject({
    incidents: 3,
    masked: 1,
    causes: { 'reset-before-response': 2, 'no-live-upstreams': 1 },
    peers: { '127.0.0.1:9000': 2 },
    gateways: { '10.0.0.1:80': 3 },
    maskedCauses: { 'reset-before-response': 1 },
    losses: 40,
    damage: DAMAGE,
  });
});

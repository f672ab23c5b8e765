import { expect, test } from 'vitest';
import { jsonSink } from '../../src/sinks/json.ts';
import { CONTEXT, type Fed, textOf } from './kit/sink-text.ts';
import { maskedVerdict, verdict } from './kit/verdicts.ts';

function documentOf(fed: Fed, limit?: number): Record<string, unknown> {
  return JSON.parse(textOf((output) => jsonSink(output, () => CONTEXT, limit), fed));
}

test('incidents, masked failures and losses are lists of one document, each in order', () => {
  const incident = (id: string) => verdict({ incident: { id } });
  const masked = (id: string) => maskedVerdict({ incident: { id } });
  const document = documentOf({
    losses: [{ at: 1e9, count: 3, where: 'ring' }],
    verdicts: [masked('m-1'), incident('i-1'), masked('m-2'), incident('i-2')],
  });
  expect(Object.keys(document)).toEqual(['schema', 'file', 'incidents', 'masked', 'losses', 'omitted', 'summary']);
  expect(document).toMatchObject({
    schema: 1,
    file: 'checkout.pcap',
    incidents: [{ id: 'i-1' }, { id: 'i-2' }],
    masked: [{ id: 'm-1' }, { id: 'm-2' }],
    losses: [{ count: 3 }],
    omitted: { masked: 0, losses: 0 },
    summary: { incidents: 2, masked: 2 },
  });
});

test('a capture without any is a document all the same', () => {
  expect(documentOf({})).toMatchObject({ incidents: [], masked: [], losses: [], summary: { incidents: 0 } });
});

test('what does not fit into memory is counted, not held', () => {
  const verdicts = Array.from({ length: 50 }, () => maskedVerdict());
  const document = documentOf({ verdicts: [...verdicts, verdict()] }, 10_000);
  const held = (document['masked'] as unknown[]).length;
  expect(held).toBeGreaterThan(0);
  expect(document).toMatchObject({ omitted: { masked: 50 - held }, summary: { masked: 50 }, incidents: [{}] });
});

import { describe, expect, test } from 'vitest';
import type { ResponseFacts } from '../../src/model/exchange.ts';
import type { Field } from '../../src/model/message.ts';
import { type PassedOn, passedOn } from '../../src/verdict/passed-on.ts';
import { wireOf } from '../../src/verdict/wire-facts.ts';
import { type AttemptPlan, attempt, incident } from '../kit/incidents.ts';

function compared(theirs: Partial<ResponseFacts>, ours: Partial<ResponseFacts>, plan: AttemptPlan = {}): PassedOn {
  const tried = attempt({ ...plan, response: { status: 502, bodyOctets: 157, ...theirs } });
  const around = incident({ attempts: [tried], response: ours });
  return passedOn(wireOf(around, tried, tried.exchange ?? expect.fail()));
}

function fields(...pairs: readonly (readonly [name: string, value: string])[]): { fields: readonly Field[] } {
  return { fields: pairs.map(([name, value]) => ({ name, value })) };
}

describe("a 502 is the peer's own if it carries the peer's marks", () => {
  test('a field that only the application sets', () => {
    const mark = fields(['X-Runtime', '0.01']);
    expect(compared(mark, fields(['x-runtime', '0.01']))).toBe('same');
  });

  test('the same length, where there is no mark', () => {
    expect(compared({}, { bodyOctets: 157 })).toBe('same');
    expect(
      compared(fields(['Content-Length', '157']), { ...fields(['Content-Length', '157']), how: undefined } as never),
    ).toBe('same');
  });

  test('a charset that the gateway adds changes nothing', () => {
    expect(compared(fields(['Content-Type', 'text/html']), fields(['Content-Type', 'text/html; charset=utf-8']))).toBe(
      'same',
    );
  });
});

describe("a 502 is the gateway's page in its place", () => {
  test('if its length differs', () => {
    expect(compared({ bodyOctets: 12 }, { bodyOctets: 157 })).toBe('replaced');
  });

  test('if its type differs', () => {
    expect(compared(fields(['Content-Type', 'application/json']), fields(['Content-Type', 'text/html']))).toBe(
      'replaced',
    );
  });
});

describe('it cannot be told', () => {
  test('if one of the bodies was not seen to its end', () => {
    expect(compared({ how: 'cut', bodyOctets: 3 }, {})).toBe('unclear');
  });

  test('if both are nginx, which show the same page', () => {
    expect(compared(fields(['Server', 'nginx/1.22.1']), {})).toBe('unclear');
  });

  test('if marks are gone (hidden, perhaps), but the length is the same', () => {
    expect(compared(fields(['X-Runtime', '0.01']), {})).toBe('unclear');
  });

  test('if there is no body to compare', () => {
    expect(compared({}, {}, { request: { method: 'HEAD' } })).toBe('unclear');
  });

  test('if the client got something else', () => {
    expect(compared({}, { status: 200 })).toBe('unclear');
  });
});

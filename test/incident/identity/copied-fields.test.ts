import { describe, expect, test } from 'vitest';
import { CopiedFields, plainName } from '../../../src/incident/identity/copied-fields.ts';
import type { RequestFacts } from '../../../src/model/exchange.ts';
import { exchange } from '../../kit/incidents.ts';

const GATEWAY = '10.0.0.1:80';

function request(fields: Readonly<Record<string, string>>): RequestFacts {
  const made = exchange({ request: { fields: Object.entries(fields).map(([name, value]) => ({ name, value })) } });
  if (!made.request) throw new Error('an exchange with a request');
  return made.request;
}

const asked = (agent: string): RequestFacts => request({ Host: 'shop.example', 'User-Agent': agent });
const attempt = (agent: string): RequestFacts => request({ Host: 'app:8080', 'User-Agent': agent });

function taught(pairs: number): CopiedFields {
  const copied = new CopiedFields();
  for (let n = 0; n < pairs; n++) copied.learn(GATEWAY, asked(`agent ${n}`), attempt(`agent ${n}`));
  return copied;
}

describe('a field that was handed on unchanged every time', () => {
  test('tells requests apart', () => {
    expect(taught(20).agrees(GATEWAY, asked('curl'), attempt('curl'))).toBe(true);
    expect(taught(20).agrees(GATEWAY, asked('curl'), attempt('wget'))).toBe(false);
  });

  test('is missed where it should have come along, or should not', () => {
    expect(taught(20).agrees(GATEWAY, asked('curl'), request({ Host: 'app:8080' }))).toBe(false);
    expect(taught(20).agrees(GATEWAY, request({ Host: 'shop.example' }), attempt('curl'))).toBe(false);
  });

  test('tells nothing of another gateway', () => {
    expect(taught(20).agrees('10.0.0.2:80', asked('curl'), attempt('wget'))).toBe(true);
  });
});

test('few attempts prove nothing', () => {
  expect(taught(2).agrees(GATEWAY, asked('curl'), attempt('wget'))).toBe(true);
});

test('a field that was changed once is not asked again', () => {
  const copied = taught(20);
  copied.learn(GATEWAY, asked('curl'), attempt('gateway'));
  expect(copied.agrees(GATEWAY, asked('curl'), attempt('wget'))).toBe(true);
});

test('CGI parameters go by the name of their field', () => {
  expect(plainName('HTTP_USER_AGENT')).toBe('user-agent');
  expect(plainName('User-Agent')).toBe('user-agent');
  expect(plainName('CONTENT_LENGTH')).toBe('content-length');
});

import { describe, expect, test } from 'vitest';
import { parseAnswer } from './client.ts';
import { makePlan } from './plan.ts';
import { pathOf } from './scenario.ts';
import { chooseScenarios } from './scenarios/choose.ts';
import { SCENARIOS } from './scenarios/index.ts';

const OPTIONS = { seed: 7, connections: 200, plainTargets: false, hotUrl: false };
const requestsOf = (options = OPTIONS) =>
  makePlan(chooseScenarios([]), options).quick.flatMap((connection) => connection.requests);

describe('a plan', () => {
  test('is the same for the same seed', () => {
    expect(makePlan(SCENARIOS, OPTIONS)).toEqual(makePlan(SCENARIOS, OPTIONS));
  });

  test('is half healthy', () => {
    const healthy = new Set(SCENARIOS.filter((scenario) => scenario.healthy).map((scenario) => scenario.name));
    const requests = requestsOf();
    const share = requests.filter((request) => healthy.has(request.scenario)).length / requests.length;
    expect(share).toBeGreaterThan(0.4);
    expect(share).toBeLessThan(0.6);
  });

  test('gives every target an id of its own, and none when asked', () => {
    const targets = requestsOf().map((request) => request.target);
    expect(new Set(targets).size).toBe(targets.length);
    expect(requestsOf({ ...OPTIONS, plainTargets: true }).some((request) => request.target.includes('?'))).toBe(false);
  });

  test('sends half of the load to one URL when asked', () => {
    const requests = requestsOf({ ...OPTIONS, hotUrl: true });
    const hot = requests.filter((request) => request.target === '/hot/offer').length / requests.length;
    expect(hot).toBeGreaterThan(0.35);
    expect(hot).toBeLessThan(0.65);
  });

  test('has at least 45 scenarios that fail', () => {
    expect(chooseScenarios([]).filter((scenario) => !scenario.healthy).length).toBeGreaterThanOrEqual(45);
  });
});

describe('the table of scenarios', () => {
  test('has no name twice, and no path twice for one host', () => {
    expect(new Set(SCENARIOS.map((scenario) => scenario.name)).size).toBe(SCENARIOS.length);
    const places = SCENARIOS.flatMap((scenario) =>
      (scenario.hosts ?? ['shop.example', 'api.example']).map((host) => `${host}${pathOf(scenario)}`),
    );
    expect(new Set(places).size).toBe(places.length);
  });
});

describe('an answer', () => {
  const answer = (text: string, ended = false) => parseAnswer(Buffer.from(text), 'GET', ended);

  test.each([
    ['HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok', 200],
    ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n', 200],
    ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\ngrpc-status: 0\r\n\r\n', 200],
    ['HTTP/1.1 204 No Content\r\n\r\n', 204],
  ])('%j is whole', (text, status) => {
    expect(answer(text)).toMatchObject({ status, octets: text.length });
    for (let cut = 1; cut < text.length; cut++) expect(answer(text.slice(0, cut))).toBeUndefined();
  });

  test('without a length ends with the connection', () => {
    expect(answer('HTTP/1.1 200 OK\r\n\r\nok')).toBeUndefined();
    expect(answer('HTTP/1.1 200 OK\r\n\r\nok', true)).toMatchObject({ status: 200, close: true });
  });
});

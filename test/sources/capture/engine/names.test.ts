import { expect, test } from 'vitest';
import { isEngine, PACKAGE_ENGINES } from '../../../../src/sources/capture/engine/names.ts';

test('an engine is the capture program or one of the packages, each of which says what it cannot tell', () => {
  expect(['capture', ...Object.keys(PACKAGE_ENGINES)].every(isEngine)).toBe(true);
  expect([undefined, '', 'libpcap', 'toString'].some(isEngine)).toBe(false);
  for (const { cannot } of Object.values(PACKAGE_ENGINES)) expect(cannot.length).toBeGreaterThan(0);
  expect(PACKAGE_ENGINES.cap.arrivalTimes).toBe(true);
});

/**
 * Projects: what a test needs decides where it runs (test/README.md).
 * unit: nothing · lab: nothing, tests of the lab itself · program: dist/, built once · properties: time, or modules replaced ·
 * static: the checks of `npm run check`, as tests · live: root and the programs of scripts/prerequisites.mjs.
 */
import { defineConfig } from 'vitest/config';

const CI = Boolean(process.env['CI']);

const PROGRAM = ['test/cli.test.ts', 'test/program/**/*.test.ts', 'test/meta/package.test.ts'];
const PROPERTIES = ['test/properties/**/*.test.ts', 'test/corpus/**/*.test.ts'];
const STATIC = ['test/meta/static.test.ts'];
const LAB = ['test/lab/**/*.test.ts'];
const MICRO = ['test/bench/**/*.bench.ts'];
const LIVE = ['test/live/**/*.test.ts'];

/**
 * Modules keep no state, so files can share the ones that are loaded: less than half the time of a process for each file.
 * What replaces modules (vi.mock) belongs to another project.
 */
const SHARED = { pool: 'threads', isolate: false, testTimeout: 30_000, hookTimeout: 30_000 } as const;

export default defineConfig({
  test: {
    // A test that is alone by mistake would hide all others.
    allowOnly: !CI,
    // vitest would leave one core to itself, which idles while tests run.
    maxWorkers: '100%',
    coverage: { provider: 'v8', include: ['src/**'], reporter: ['text', 'html'], reportsDirectory: 'coverage' },
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [...PROGRAM, ...PROPERTIES, ...STATIC, ...LAB, ...LIVE],
          ...SHARED,
        },
      },
      { test: { name: 'lab', include: LAB, ...SHARED } },
      { test: { name: 'program', include: PROGRAM, globalSetup: ['test/setup/build.ts'], testTimeout: 30_000 } },
      {
        test: {
          name: 'properties',
          include: PROPERTIES,
          globalSetup: ['test/setup/announce-seed.ts'],
          setupFiles: ['test/setup/seed.ts'],
          testTimeout: 240_000,
        },
      },
      { test: { name: 'micro', include: [], benchmark: { include: MICRO } } },
      { test: { name: 'static', include: STATIC, testTimeout: 120_000 } },
      {
        test: {
          name: 'live',
          include: LIVE,
          globalSetup: ['test/setup/live.ts', 'test/setup/build.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});

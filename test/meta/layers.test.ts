/**
 * Canary: a checker that sees nothing reports no violations either (dependency-cruiser with a TypeScript that it cannot
 * load cruises 0 modules and exits 0). Every layer rule has a planted violation here, and must find it.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import config from '../../.dependency-cruiser.mjs';

/** Rule -> files that break it, and only it. */
const PLANTS: Record<string, Record<string, string>> = {
  'model-imports-nothing': { 'src/model/planted.ts': "import '../bytes/b.ts';" },
  'bytes-knows-no-protocol': { 'src/bytes/planted.ts': "import '../config.ts';" },
  'station-imports-only-itself': {
    'src/conn/planted.ts': "import type { w } from '../wire/w.ts';\nexport type v = w;",
  },
  'protocols-are-strangers': { 'src/proto/http1/planted.ts': "import '../fastcgi/f.ts';" },
  'rungs-are-strangers': { 'src/incident/timing/planted.ts': "import '../kernel/k.ts';" },
  'causes-are-strangers': { 'src/verdict/causes/planted.ts': "import './innocent.ts';" },
  'io-stays-in-the-shell': { 'src/exchange/planted.ts': "import 'node:fs';" },
  'packages-stay-in-the-shell': { 'src/host/planted.ts': "import 'honest';" },
  'no-development-package-in-src': { 'src/sinks/planted.ts': "import 'developing';" },
  'one-place-knows-the-neighbours': { 'src/planted.ts': "import './wire/w.ts';" },
  'pipeline-is-pure': { 'src/pipeline.ts': "import './sources/s.ts';" },
  'nothing-imports-the-top': { 'src/planted.ts': "import './commands/live.ts';" },
  'src-never-imports-test': { 'src/verdict/planted.ts': "import '../../test/t.ts';" },
  'no-cycles': { 'src/wire/one.ts': "import './two.ts';", 'src/wire/two.ts': "import './one.ts';" },
  'imports-exist': { 'src/sources/planted.ts': "import './nowhere.ts';" },
};

/** What the plants import; innocent by itself. */
const INNOCENT: Record<string, string> = {
  'package.json': JSON.stringify({
    name: 'canary',
    type: 'module',
    dependencies: { honest: '1.0.0' },
    devDependencies: { developing: '1.0.0' },
  }),
  'node_modules/honest/package.json': '{"name":"honest","version":"1.0.0","main":"i.js"}',
  'node_modules/honest/i.js': '',
  'node_modules/developing/package.json': '{"name":"developing","version":"1.0.0","main":"i.js"}',
  'node_modules/developing/i.js': '',
  'src/commands/live.ts':
    "import '../pipeline.ts';\nimport '../sources/s.ts';\nimport './analysis.ts';\nimport 'node:fs';",
  'src/commands/analysis.ts': '',
  'src/cli.ts': "import './commands/live.ts';",
  'src/pipeline.ts': "import './wire/w.ts';\nimport './conn/c.ts';",
  'src/config.ts': '',
  'src/bytes/b.ts': "import '../model/m.ts';",
  'src/model/m.ts': '',
  'src/wire/w.ts': 'export type w = 1;',
  'src/conn/c.ts': "import '../model/m.ts';\nimport '../bytes/b.ts';\nimport './d.ts';",
  'src/conn/d.ts': '',
  'src/proto/registry.ts': "import './fastcgi/f.ts';",
  'src/proto/fastcgi/f.ts': "import '../protocol.ts';",
  'src/proto/protocol.ts': '',
  'src/incident/kernel/k.ts': "import '../front.ts';",
  'src/incident/front.ts': '',
  'src/verdict/judge.ts': "import './causes/innocent.ts';",
  'src/verdict/causes/innocent.ts': '',
  'src/sources/s.ts': "import 'node:fs';\nimport 'honest';",
  'test/t.ts': '',
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'layers-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function violations(name: string, plant: Record<string, string>): Promise<{ rules: string[]; cruised: number }> {
  const baseDir = join(folder, name);
  for (const [path, text] of Object.entries({ ...INNOCENT, ...plant })) {
    mkdirSync(dirname(join(baseDir, path)), { recursive: true });
    writeFileSync(join(baseDir, path), text);
  }
  const { tsConfig: _, ...options } = config.options ?? {};
  const { output } = await cruise(['src'], {
    ...options,
    baseDir,
    validate: true,
    ruleSet: { forbidden: config.forbidden ?? [] },
  });
  const { summary } = output as ICruiseResult;
  return { rules: [...new Set(summary.violations.map(({ rule }) => rule.name))], cruised: summary.totalCruised };
}

test('a tree that keeps the rules has no violations, and was seen', async () => {
  const { rules, cruised } = await violations('innocent', {});
  expect(rules).toEqual([]);
  expect(cruised).toBeGreaterThan(10);
});

describe('a planted violation is found by', () => {
  test.each(Object.entries(PLANTS))('%s', async (rule, plant) => {
    const { rules } = await violations(rule, plant);
    expect(rules).toEqual([rule]);
  });
});

test('every rule has a plant and a comment that teaches', () => {
  const rules = config.forbidden ?? [];
  expect(rules.map(({ name }) => name).sort()).toEqual(Object.keys(PLANTS).sort());
  for (const { comment, severity } of rules) {
    expect(severity).toBe('error');
    expect(comment?.length).toBeGreaterThan(50);
  }
});

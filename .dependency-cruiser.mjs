/**
 * The layer rules. A folder of src/ is a station; data goes one way; what passes between stations is named in model/.
 * test/meta/layers.test.ts plants a violation of every rule and expects it to be found: a checker that sees nothing
 * reports no violations either.
 */
const STATIONS = 'sources|kernel|wire|conn|host|proto|exchange|incident|verdict|sinks';

/** Where the outside world is allowed in. */
const SHELL = '^src/(sources|sinks|commands)/|^src/cli[.]ts$';

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'model-imports-nothing',
      comment:
        'model/ holds the nouns that every station shares. An import from outside would tie all stations to that place: move the noun in, or the logic out.',
      severity: 'error',
      from: { path: '^src/model/' },
      to: { pathNot: '^src/model/' },
    },
    {
      name: 'bytes-knows-no-protocol',
      comment:
        'bytes/ is arithmetic on octets and tables. What knows a protocol belongs to the station of that protocol.',
      severity: 'error',
      from: { path: '^src/bytes/' },
      to: { pathNot: '^src/(bytes|model)/' },
    },
    {
      name: 'station-imports-only-itself',
      comment:
        'A station imports model/, bytes/ and itself, never another station: what it needs from before rides in the value it is given, what it says goes to the sink it was constructed with. A type between two stations lives in model/; commands/ passes functions in.',
      severity: 'error',
      from: { path: `^src/(${STATIONS})/` },
      to: { path: '^src/', pathNot: '^src/(model|bytes|$1)/' },
    },
    {
      name: 'protocols-are-strangers',
      comment:
        'proto/<a> never imports proto/<b>: a protocol can be added or removed as one folder. What two share is in proto/ itself, in bytes/ or in model/.',
      severity: 'error',
      from: { path: '^src/proto/([^/]+)/' },
      to: { path: '^src/proto/[^/]+/', pathNot: '^src/proto/$1/' },
    },
    {
      name: 'rungs-are-strangers',
      comment:
        'incident/<a> never imports incident/<b>: each rung ties attempts to requests by its own means, and the station says which is asked first. What two share is in incident/ itself.',
      severity: 'error',
      from: { path: '^src/incident/([^/]+)/' },
      to: { path: '^src/incident/[^/]+/', pathNot: '^src/incident/$1/' },
    },
    {
      name: 'causes-are-strangers',
      comment:
        'A cause is judged from the incident alone. If one cause needs to know what another one said, that fact belongs to the incident, or the ranking in verdict/.',
      severity: 'error',
      from: { path: '^src/verdict/causes/([^/]+)' },
      to: { path: '^src/verdict/causes/', pathNot: '^src/verdict/causes/$1' },
    },
    {
      name: 'io-stays-in-the-shell',
      comment:
        'Between source and sink everything is synchronous and has no IO, no clock, no randomness: bytes and times come in as arguments. node:* is for sources/, sinks/, commands/ and cli.ts.',
      severity: 'error',
      from: { path: '^src/', pathNot: SHELL },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'packages-stay-in-the-shell',
      comment: 'The core has no dependencies. A package is used behind one file of sources/, sinks/ or commands/.',
      severity: 'error',
      from: { path: '^src/', pathNot: SHELL },
      to: { path: 'node_modules' },
    },
    {
      name: 'no-development-package-in-src',
      comment:
        'Users install no devDependencies: what src/ imports must be in "dependencies", with its reason in the README.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'one-place-knows-the-neighbours',
      comment:
        'Only pipeline.ts and commands/ put stations together; any other file beside them would be a second place that has to know who follows whom.',
      severity: 'error',
      from: { path: '^src/[^/]+[.]ts$', pathNot: '^src/pipeline[.]ts$' },
      to: { path: `^src/(${STATIONS})/` },
    },
    {
      name: 'pipeline-is-pure',
      comment:
        'pipeline.ts is the line between source and sink, the same live, offline and in tests: sources and sinks are given to it by commands/.',
      severity: 'error',
      from: { path: '^src/pipeline[.]ts$' },
      to: { path: '^src/(sources|sinks)/' },
    },
    {
      name: 'nothing-imports-the-top',
      comment:
        'commands/ is the composition root and cli.ts the door: they know everybody, nobody knows them (cli.ts knows commands/).',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(commands/|cli[.]ts$)' },
      to: { path: '^src/(commands/|cli[.]ts$)' },
    },
    {
      name: 'src-never-imports-test',
      comment: 'The package holds src/ only: what the product needs is not in test/ or scripts/.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|scripts)/' },
    },
    {
      name: 'no-cycles',
      comment: 'Files that import each other are one file in two pieces, and can only be understood together.',
      severity: 'error',
      from: { path: '^src/' },
      to: { circular: true },
    },
    {
      name: 'imports-exist',
      comment: 'An import that resolves to nothing escapes every other rule.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // Imports of types are imports: a station that knows its neighbour's types knows its neighbour.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
  },
};

/** The ways to capture, by the names that `--engine` takes, and what each cannot tell. */

/** The capture program, or an npm package. */
export type EngineName = 'capture' | PackageName;
export type PackageName = 'pcap' | 'cap';

interface PackageEngine {
  /** Told when it starts, a sentence each. */
  readonly cannot: readonly string[];
  /** Packets bear the time at which they arrived, not that at which they were captured. */
  readonly arrivalTimes: boolean;
}

const COMMON: readonly string[] = [
  'The kernel is not asked, interfaces that appear later are not captured, and a busy gateway is slowed down',
];

export const PACKAGE_ENGINES: Readonly<Record<PackageName, PackageEngine>> = {
  pcap: { cannot: ['Of a packet 1024 octets are seen, and its time to a microsecond', ...COMMON], arrivalTimes: false },
  cap: {
    cannot: [
      'Packets bear no times: those of their arrival are taken, and no verdict is certain. What is dropped is not counted',
      ...COMMON,
    ],
    arrivalTimes: true,
  },
};

export function isEngine(value: unknown): value is EngineName {
  return value === 'capture' || value === 'pcap' || value === 'cap';
}

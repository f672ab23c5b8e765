/**
 * Files of src/ without a test file of their own name, each with the test that covers it. The list may only shrink: an
 * entry whose file is gone, or that has its own test by now, fails names.test.ts.
 * A name that ends in `/` stands for every file of that folder.
 */
export const COVERED_ELSEWHERE: Record<string, string> = {
  // A parser is one machine in several files; its cases go through the front door, at every split.
  'src/proto/http1/': 'test/proto/http1/http1.test.ts',
  'src/proto/tls/': 'test/proto/tls/tls.test.ts',
  // One row of the matrix a cause: what it says of each kind of evidence.
  'src/verdict/causes/': 'test/verdict/matrix.test.ts',
  'src/verdict/neighbours/': 'test/verdict/matrix.test.ts',
  // Stations that are played as a whole.
  'src/incident/': 'test/incident/station.test.ts',
};

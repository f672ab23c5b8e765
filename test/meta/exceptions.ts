/**
 * Files of src/ without a test file of their own name, each with the test that covers it. The list may only shrink: an
 * entry whose file is gone, or that has its own test by now, fails names.test.ts.
 * A name that ends in `/` stands for every file of that folder.
 */
export const COVERED_ELSEWHERE: Record<string, string> = {
  // One row of the matrix a cause: what it says of each kind of evidence.
  'src/verdict/causes/': 'test/verdict/matrix.test.ts',
  'src/verdict/neighbours/': 'test/verdict/matrix.test.ts',
};

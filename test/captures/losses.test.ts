/** A capture that lacks frames, as one does that was made under load: less is known then, and nothing else. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { isCertainlyWrong, scoreRun } from '../lab/score.ts';
import { Random } from '../properties/random.ts';
import { analyse } from './analysis.ts';
import { recordings, truthOf } from './recordings.ts';

const ENHANCED_PACKET = 6;
/** One frame in so many is lost. */
const LOST_OF = 50;
const SEEDS = 12;

/** The blocks of a little-endian pcapng file, without some of its packets. */
function withoutSome(capture: Buffer, random: Random): Buffer {
  const kept: Buffer[] = [];
  for (let at = 0; at < capture.length; ) {
    const length = capture.readUInt32LE(at + 4);
    const lost = capture.readUInt32LE(at) === ENHANCED_PACKET && random.below(LOST_OF) === 0;
    if (!lost) kept.push(capture.subarray(at, at + length));
    at += length;
  }
  return Buffer.concat(kept);
}

test('nothing wrong is certain, and hardly a failure is told that did not happen', async () => {
  const mixed = recordings().find(({ name }) => name.startsWith('mixed/'));
  if (!mixed) throw new Error('there is no recording of all kinds');
  const capture = readFileSync(mixed.capture);
  const truth = truthOf(mixed);
  let requests = 0;
  let made = 0;
  for (let seed = 1; seed <= SEEDS; seed++) {
    const { details } = scoreRun(
      mixed.name,
      truth,
      await analyse([withoutSome(capture, new Random(seed))]),
      mixed.kernel,
    );
    expect(details.filter(isCertainlyWrong), `seed ${seed}`).toEqual([]);
    requests += truth.length;
    made += details.filter(({ complaint }) => complaint === 'masked-false' || complaint === 'invented').length;
  }
  expect(made / requests).toBeLessThan(0.01);
});

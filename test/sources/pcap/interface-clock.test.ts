import fc from 'fast-check';
import { expect, test } from 'vitest';
import { InterfaceClock } from '../../../src/sources/pcap/interface-clock.ts';
import { SOME_TIME } from '../../kit/capture-files.ts';

const ninetyDays = 90n * 86_400_000_000_000n;

test('is exact to the nanosecond at every resolution and offset that is written in practice', () => {
  const near = fc.bigInt({ min: SOME_TIME - ninetyDays, max: SOME_TIME + ninetyDays });
  const offset = fc.oneof(fc.constant(0n), fc.bigInt({ min: -1_000_000n, max: 1_000_000n }));
  fc.assert(
    fc.property(
      fc.constantFrom(0, 3, 6, 9, 12, 0x8a, 0x94, 0x9e),
      offset,
      near,
      near,
      (resolution, shift, epoch, time) => {
        const clock = new InterfaceClock(resolution, shift);
        const perSecond = (resolution & 0x80 ? 2n : 10n) ** BigInt(resolution & 0x7f);
        const ticks = ((time - shift * 1_000_000_000n) * perSecond) / 1_000_000_000n;
        const whole = (ticks * 1_000_000_000n) / perSecond + shift * 1_000_000_000n;
        clock.base(epoch);
        const [high, low] = [Number((ticks >> 32n) & 0xffff_ffffn), Number(ticks & 0xffff_ffffn)];
        fc.pre(ticks < 1n << 64n);
        expect(clock.absolute(high, low)).toBe(whole);
        expect(clock.nanos(high, low)).toBe(Number(whole - epoch));
      },
    ),
  );
});

test('does not throw at resolutions nobody can mean', () => {
  for (const resolution of [0x7f, 0xff, 0x80]) {
    const clock = new InterfaceClock(resolution, -(2n ** 63n));
    clock.base(SOME_TIME);
    expect(Number.isFinite(clock.nanos(0xffff_ffff, 0xffff_ffff))).toBe(true);
  }
});

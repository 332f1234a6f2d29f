import { describe, expect, it } from 'vitest';
import { columnsSource, cracklingTables, fitTrace } from '../../src/index.ts';
import { createStream } from '../../src/numeric/random.ts';

/** A thresholded Ornstein–Uhlenbeck process: Gaussian, so that nothing sets it apart from its Gaussian surrogate (arXiv:1902.10465). */
function ornsteinUhlenbeck(n: number): Float64Array {
  const stream = createStream(31);
  let x = 0;
  return Float64Array.from({ length: n }, () => {
    x = 0.998 * x + stream.normal();
    return 100 + x;
  });
}

const signal = ornsteinUhlenbeck(2 ** 18);
const options = {
  threshold: 100,
  size: 'excess',
  alternatives: false,
  sizeMin: 10,
  sizeMax: 1000,
  durationMin: 8,
  durationMax: 200,
  collapseMax: 100,
  profilePoints: 10,
} as const;

describe('fitTrace with null models', () => {
  // Four differences, each within 3.5 of its errors: false alarm 1 in 500 (seeded).
  it('finds that a thresholded Gaussian process survives in its Gaussian surrogates, and that nothing does when shuffled', async () => {
    const found = await fitTrace(columnsSource({ signal }), {
      ...options,
      surrogate: ['shuffle', 'gaussian', 'phase'],
    });
    expect(found.surrogates.map(({ kind }) => kind)).toEqual(['gaussian', 'phase', 'shuffle']);
    const rows = cracklingTables(found).surrogate;
    const row = (kind: string, exponent: string) =>
      rows.find((one) => one.surrogate === kind && one.exponent === exponent)!;
    for (const kind of ['gaussian', 'phase']) {
      for (const exponent of ['alpha', 'gamma_scaling']) {
        const { difference, difference_error: error } = row(kind, exponent);
        expect(Math.abs(Number(difference))).toBeLessThan(3.5 * Number(error));
      }
      expect(row(kind, 'gamma_scaling').verdict).toBe('survives in its surrogate');
    }
    expect(row('shuffle', 'alpha').verdict).not.toBe('survives in its surrogate');
    const { alpha } = found.surrogates[0]!.analysis!.jackknife.estimate;
    expect(Math.abs(alpha - 1.5)).toBeLessThan(0.2);
  });

  it('leaves the measured exponents as they are, gives the same surrogates for the same seed, and keeps trials apart', async () => {
    const trial = Array.from({ length: 20_000 }, (_, i) => (i % 2 === 0 ? 'a' : 'b'));
    const source = () => columnsSource({ signal: signal.slice(0, 20_000), trial });
    const few = { ...options, column: 'signal', trial: 'trial', durationMax: 50, profilePoints: 4 };
    const without = await fitTrace(source(), few);
    const [one, other, third] = [
      await fitTrace(source(), { ...few, surrogate: ['phase'] }),
      await fitTrace(source(), { ...few, surrogate: ['phase'] }),
      await fitTrace(source(), { ...few, surrogate: ['phase'] }, { seed: 2 }),
    ];
    expect(without.surrogates).toEqual([]);
    expect(one.analysis.jackknife).toEqual(without.analysis.jackknife);
    expect(one.surrogates[0]!.tally).toMatchObject({ rows: 20_000, trials: 2 });
    expect(other.surrogates[0]!.tally).toEqual(one.surrogates[0]!.tally);
    expect(third.surrogates[0]!.tally).not.toEqual(one.surrogates[0]!.tally);
  });
});

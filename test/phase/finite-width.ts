import pipeline from '../../pipelines/phase-diagram.ts';
import { solvePositive } from '../../src/numeric/positive-solve.ts';
import { run } from '../../src/run/run.ts';

/** How far a finite network is from the mean-field theory. */
export interface Deviation {
  readonly width: number;
  readonly value: number;
  readonly error: number;
}

export interface FiniteWidth {
  readonly strength: readonly Deviation[];
  readonly susceptibility: readonly Deviation[];
}

export interface Slope {
  readonly slope: number;
  readonly error: number;
  readonly chiSquare: number;
  readonly degreesOfFreedom: number;
}

export interface FiniteWidthOptions {
  readonly weightVariance: number;
  readonly biasVariance: number;
  readonly widths: readonly number[];
  /** Networks at a width. */
  readonly networks: (width: number) => number;
  readonly window: number;
  readonly engine?: string;
  readonly seed?: number;
  /** Worker threads; without, in this thread. */
  readonly workers?: number;
}

/** Deviation of s* and χ_w from the theory at one point of the phase diagram, by width, from pipeline `phase-diagram`. */
export async function finiteWidth(options: FiniteWidthOptions): Promise<FiniteWidth> {
  const { weightVariance, biasVariance, widths, window, engine = 'effective', seed = 1, workers } = options;
  const strength: Deviation[] = [];
  const susceptibility: Deviation[] = [];
  for (const width of widths) {
    // Seeds differ: with the same random numbers at all widths the errors would go together.
    const networks = options.networks(width);
    const values = {
      width,
      window,
      engine,
      weightFrom: weightVariance,
      weightTo: weightVariance,
      weightCells: 1,
      biasFrom: biasVariance,
      biasTo: biasVariance,
      biasCells: 1,
      leastNetworks: networks,
      mostNetworks: networks,
      depth: 1,
    };
    const { tables } =
      workers === undefined
        ? await run(pipeline, values, { seed: seed + width })
        : await run('phase-diagram', values, { seed: seed + width, workers });
    const row = tables.phase![0]!;
    strength.push({ width, value: row.strength! - row.s_star!, error: row.strength_error! });
    susceptibility.push({
      width,
      value: row.susceptibility! - row.chi_weight_variance!,
      error: row.susceptibility_error!,
    });
  }
  return { strength, susceptibility };
}

/**
 * Exponent of the approach: weighted least squares of ln|deviation| = constant + slope·ln N + correction/N. A slope of −1 is the law of
 * the theory's first correction; the second one, of relative order 1/N, is seen at N = 64.
 */
export function slopeOf(deviations: readonly Deviation[]): Slope {
  const rows = deviations.map(({ width, value, error }) => ({
    x: [1, Math.log(width), 64 / width],
    y: Math.log(Math.abs(value)),
    weight: (value / error) ** 2,
  }));
  const sum = (of: (row: (typeof rows)[number]) => number): number => rows.reduce((total, row) => total + of(row), 0);
  const normal = [0, 1, 2].map((i) => [0, 1, 2].map((j) => sum(({ x, weight }) => weight * x[i]! * x[j]!)));
  const right = [0, 1, 2].map((i) => sum(({ x, y, weight }) => weight * x[i]! * y));
  const solution = solvePositive(normal, right) ?? [Number.NaN, Number.NaN, Number.NaN];
  const variance = solvePositive(normal, [0, 1, 0])?.[1] ?? Number.NaN;
  const chiSquare = sum(
    ({ x, y, weight }) => weight * (y - x.reduce((fit, value, i) => fit + value * solution[i]!, 0)) ** 2,
  );
  return { slope: solution[1]!, error: Math.sqrt(variance), chiSquare, degreesOfFreedom: rows.length - 3 };
}

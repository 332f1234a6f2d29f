import { ParameterError } from '../../src/error.ts';
import { weightedLine } from '../../src/numeric/weighted-line.ts';

export interface BranchingRatio {
  /** Σ A(t+1) / Σ A(t): right for a closed process that is seen whole, without input. */
  readonly ratio: number;
  /**
   * The m of r_k = b·m^k, r_k the slope of A(t+k) against A(t): right with input and under subsampling; NaN where r_k
   * isn't positive.
   */
  readonly multistep: number;
  /** r_1 … r_K. */
  readonly slopes: Float64Array;
}

/**
 * Branching ratio of activity in layers or time steps; 1 is critical. Traces are independent, no step leads from one to
 * another. The multistep estimate is that of Wilting & Priesemann, Nat. Commun. 9, 2325 (2018).
 * @param lags K, largest step k; default 10
 */
export function branchingRatio(traces: readonly ArrayLike<number>[], lags = 10): BranchingRatio {
  if (!(Number.isInteger(lags) && lags >= 2))
    throw new ParameterError(`lags must be an integer of at least 2, got ${lags}`);
  const slopes = new Float64Array(lags);
  let parents = 0;
  let children = 0;
  for (let k = 1; k <= lags; k++) {
    const now: number[] = [];
    const later: number[] = [];
    for (const trace of traces) {
      for (let t = 0; t + k < trace.length; t++) {
        now.push(trace[t]!);
        later.push(trace[t + k]!);
        if (k === 1) {
          parents += trace[t]!;
          children += trace[t + 1]!;
        }
      }
    }
    slopes[k - 1] = weightedLine(now, later).slope;
  }
  if (!(parents > 0)) throw new ParameterError('a branching ratio needs traces of at least 2 steps with some activity');
  const steps = slopes.map((_, i) => i + 1);
  const decay = weightedLine(
    steps,
    slopes.map(Math.log),
    slopes.map((r) => (r > 0 ? r * r : 0)),
  );
  return { ratio: children / parents, multistep: Math.exp(decay.slope), slopes };
}

import { ParameterError } from '../../error.ts';
import { leastSpread, type Tail } from '../tail.ts';
import { type Acceptance, testWindow, type WindowFit } from './acceptance.ts';
import type { Edges, Ladder } from './edges.ts';

export interface WidestOptions extends Acceptance {
  /** Smallest xmax/xmin; default 10. */
  readonly leastRatio?: number;
  /** Fewest values between the cutoffs; default 50. */
  readonly leastTail?: number;
  /**
   * Least exponent of a window that passes; default 0.5. A head where the density is flat is a power law too, of exponent 0, and over any
   * number of decades.
   */
  readonly leastExponent?: number;
  /** A second condition on a window that passes. */
  readonly also?: (tail: Tail) => boolean;
}

/**
 * The widest acceptable window (Deluca & Corral, Acta Geophys. 61, 1351 (2013), doi 10.2478/s11600-013-0154-9): of all windows between the
 * cutoffs of a ladder, and of those without an upper cutoff, whose maximum-likelihood power law passes the test of goodness of fit, the
 * widest in ln x; of equally wide ones the lowest, which holds most values. Where none passes, the window whose distance is smallest.
 * @throws ParameterError where no window is wide and full enough
 */
export function widestWindow(edges: Edges, ladder: Ladder, options: WidestOptions = {}): WindowFit {
  const { leastRatio = 10, leastTail = 50, leastExponent = 0.5, also = () => true } = options;
  const { sample } = edges;
  const largest = Math.log(sample.upper?.at(-1) ?? sample.position.at(-1)!);
  const windows: { width: number; i: number; j: number | undefined }[] = [];
  const least = Math.log(leastRatio) - 1e-9;
  for (let i = 0; i < ladder.length; i++) {
    for (let j = i + 1; j <= ladder.length; j++) {
      const width = (j === ladder.length ? largest : ladder.log[j]!) - ladder.log[i]!;
      if (width >= least) windows.push({ width, i, j: j === ladder.length ? undefined : j });
    }
  }
  // Widths that rounding makes unequal are the same.
  windows.sort((a, b) => Math.round(1e6 * (b.width - a.width)) || a.i - b.i);
  let nearest: WindowFit | undefined;
  for (const { i, j } of windows) {
    const tail = ladder.between(i, j);
    if (tail.n < leastTail || !(tail.meanExcess > leastSpread) || tail.last - tail.first < 2) continue;
    const fit = testWindow(edges, tail, options, nearest?.exponent);
    if (!(fit.exponent >= leastExponent)) continue;
    if (fit.accepted && also(tail)) return fit;
    if (nearest === undefined || fit.ks < nearest.ks) nearest = { ...fit, accepted: false };
  }
  if (nearest === undefined) {
    throw new ParameterError(
      `cutoffs can't be found: no window with xmax/xmin of at least ${leastRatio} holds ${leastTail} values`,
    );
  }
  return nearest;
}

import { ParameterError } from '../../error.ts';
import type { OrderedSample } from '../ordered-sample.ts';
import type { Tail } from '../tail.ts';
import { type Acceptance, testWindow, type WindowFit } from './acceptance.ts';
import { candidateWindows, type WindowOptions } from './candidates.ts';
import { edgesOf } from './edges.ts';

export interface WidestOptions extends WindowOptions, Acceptance {
  /**
   * Least exponent of a window that passes; default 0.5. A head where the density is flat is a power law too, of exponent 0, and over any
   * number of decades.
   */
  readonly leastExponent?: number;
  /** A second condition on a window that passes. */
  readonly also?: (tail: Tail) => boolean;
}

/** @throws ParameterError that says what no window has */
export function noWindow({ leastRatio = 10, leastTail = 50 }: WindowOptions): ParameterError {
  return new ParameterError(
    `cutoffs can't be found: no window with xmax/xmin of at least ${leastRatio} contains ${leastTail} values`,
  );
}

/**
 * The widest acceptable window (Deluca & Corral, Acta Geophys. 61, 1351 (2013), doi 10.2478/s11600-013-0154-9): of all windows between the
 * points of a grid, and of those without an upper cutoff, whose maximum-likelihood power law passes the test of goodness of fit, the
 * widest in ln x; of equally wide ones the lowest, which holds most values. Where none passes, the window whose distance is smallest.
 * @throws ParameterError where no window is wide and full enough
 */
export function widestWindow(sample: OrderedSample, options: WidestOptions = {}): WindowFit {
  const { leastExponent = 0.5, also = () => true } = options;
  const edges = edgesOf(sample);
  let nearest: WindowFit | undefined;
  for (const tail of candidateWindows(sample, options)) {
    const fit = testWindow(edges, tail, options, nearest?.exponent);
    if (!(fit.exponent >= leastExponent)) continue;
    if (fit.accepted && also(tail)) return fit;
    if (nearest === undefined || fit.ks < nearest.ks) nearest = { ...fit, accepted: false };
  }
  if (nearest === undefined) throw noWindow(options);
  return nearest;
}

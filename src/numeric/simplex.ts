import { power } from './power.ts';

/** A place in the plane, or a way from one. */
export interface Planar {
  readonly x: number;
  readonly y: number;
}

/** Where a function of two variables is smallest, and how small. */
export interface PlanarMinimum extends Planar {
  readonly value: number;
}

/**
 * A local minimum of f(x, y) by the simplex method (Nelder & Mead, Comput. J. 7, 308 (1965)). Values that are not
 * numbers count as infinitely high. Stops when the three corners agree in value to `tolerance`, then starts again from
 * the best corner with a fresh simplex until that gains nothing more: a collapsed simplex can't end the search early.
 * @param step sides of the first simplex
 */
export function minimizePlane(
  f: (x: number, y: number) => number,
  start: Planar,
  step: Planar,
  tolerance = 1e-11,
): PlanarMinimum {
  let best = { x: start.x, y: start.y, value: guarded(f, start.x, start.y) };
  for (let restart = 0; restart < 8; restart++) {
    const shrink = power(0.3, restart);
    const found = descend(f, best, { x: step.x * shrink, y: step.y * shrink }, tolerance);
    const gain = best.value - found.value;
    if (found.value < best.value || !Number.isFinite(best.value)) best = found;
    if (restart > 0 && !(gain > tolerance * (1 + Math.abs(best.value)))) break;
  }
  return best;
}

function guarded(f: (x: number, y: number) => number, x: number, y: number): number {
  const value = f(x, y);
  return Number.isNaN(value) ? Infinity : value;
}

function descend(
  f: (x: number, y: number) => number,
  start: PlanarMinimum,
  step: Planar,
  tolerance: number,
): PlanarMinimum {
  const at = (x: number, y: number): PlanarMinimum => ({ x, y, value: guarded(f, x, y) });
  const corners = [start, at(start.x + step.x, start.y), at(start.x, start.y + step.y)];
  for (let round = 0; round < 400; round++) {
    corners.sort((a, b) => a.value - b.value);
    const [low, middle, high] = corners as [PlanarMinimum, PlanarMinimum, PlanarMinimum];
    if (high.value - low.value <= tolerance * (1 + Math.abs(low.value)) * 0.01) break;
    const centreX = (low.x + middle.x) / 2;
    const centreY = (low.y + middle.y) / 2;
    const along = (factor: number): PlanarMinimum =>
      at(centreX + factor * (high.x - centreX), centreY + factor * (high.y - centreY));
    const reflected = along(-1);
    if (reflected.value < low.value) {
      const expanded = along(-2);
      corners[2] = expanded.value < reflected.value ? expanded : reflected;
    } else if (reflected.value < middle.value) {
      corners[2] = reflected;
    } else {
      const contracted = reflected.value < high.value ? along(-0.5) : along(0.5);
      if (contracted.value < Math.min(reflected.value, high.value)) {
        corners[2] = contracted;
      } else {
        corners[1] = at((low.x + middle.x) / 2, (low.y + middle.y) / 2);
        corners[2] = at((low.x + high.x) / 2, (low.y + high.y) / 2);
      }
    }
  }
  return corners.reduce((a, b) => (b.value < a.value ? b : a));
}

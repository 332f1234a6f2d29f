import { createStream } from '../../src/numeric/random.ts';

/**
 * Activity of a critical branching process with geometric offspring (mean 1), one seed after every extinction: mean-field avalanches,
 * P(D ≥ d) = 1/d exactly and P(S = s) = C(s − 1)/2^(2s − 1) with Catalan numbers C, so τ = 3/2, α = 2, γ = 2 up to corrections 1/d. Beyond
 * `most` the activity dies at once, so that one avalanche can't take all of the trace.
 */
export function branchingTrace(steps: number, seed: number, most = 3000): Float64Array {
  const stream = createStream(2026, seed);
  const trace = new Float64Array(steps);
  let alive = 0;
  for (let t = 0; t < steps; t++) {
    trace[t] = alive;
    if (alive === 0) alive = 1;
    else if (alive > most) alive = 0;
    else if (alive > 100) alive = Math.max(0, Math.round(alive + Math.sqrt(2 * alive) * stream.normal()));
    else {
      let next = 0;
      for (let i = 0; i < alive; i++) next += Math.floor(Math.log(stream.uniform()) / -Math.LN2);
      alive = next;
    }
  }
  return trace;
}

/** A random walk with a weak pull to 0 over `memory` steps: far below that, excursions above 0 are Brownian: τ = 4/3, α = γ = 3/2. */
export function walkTrace(steps: number, memory: number, seed: number): Float64Array {
  const stream = createStream(2027, seed);
  const trace = new Float64Array(steps);
  let x = 0;
  for (let t = 0; t < steps; t++) {
    trace[t] = x;
    x += stream.normal() - x / memory;
  }
  return trace;
}

import { type Process, type ProcessParameters, processEnsemble } from '../../src/process/control.ts';
import { processEngine } from '../../src/process/engine.ts';
import type { SignalWindow } from '../../src/propagation/engine.ts';

export const idsOf = (n: number, from = 0): Float64Array => Float64Array.from({ length: n }, (_, i) => from + i);

export interface RealisationOptions {
  readonly parameters?: ProcessParameters;
  readonly depth?: number;
  readonly seed?: number;
  /** Null follows every realisation to the depth; by default retired below the process's threshold. */
  readonly floor?: null;
  readonly windowRows?: number;
}

/** The windows that a process's engine gives for some ids. */
export function windowsOf(
  process: Process,
  ids: Float64Array,
  options: RealisationOptions = {},
): Iterable<SignalWindow> {
  const { parameters = {}, depth = process.depth, seed = 1, windowRows = 65_536 } = options;
  const ensemble = processEnsemble(process, 0, parameters, { depth });
  const floor = options.floor === null ? null : process.threshold(ensemble.process!.parameters);
  return processEngine(process).propagate(ids, {
    ensemble,
    seed,
    observable: 'pre-activation',
    floor,
    windowRows,
  }) as Iterable<SignalWindow>;
}

export interface FirstAvalanches {
  /** Layers at or above the threshold from layer 1 on; the depth where it never fell. */
  readonly duration: Int32Array;
  /** Σ (s_l − θ) over them. */
  readonly size: Float64Array;
  /** Σ s_l over them. */
  readonly signalSize: Float64Array;
}

/** Each realisation's first avalanche, counted without the detector. */
export function firstAvalanches(process: Process, count: number, options: RealisationOptions = {}): FirstAvalanches {
  const { parameters = {} } = options;
  const threshold = process.threshold({ ...process.defaults, ...parameters });
  const duration = new Int32Array(count);
  const size = new Float64Array(count);
  const signalSize = new Float64Array(count);
  for (const { length, perturbation, strength } of windowsOf(process, idsOf(count), options)) {
    for (let i = 0; i < length; i++) {
      if (strength[i]! < threshold) continue;
      const id = Number(perturbation[i]);
      duration[id]!++;
      size[id]! += strength[i]! - threshold;
      signalSize[id]! += strength[i]!;
    }
  }
  return { duration, size, signalSize };
}

/** Largest |z| of the shares of values at or above some limits, against their probabilities. */
export function largestSurvivalDeviation(values: ArrayLike<number>, expected: readonly [number, number][]): number {
  return Math.max(
    ...expected.map(([limit, p]) => {
      let n = 0;
      for (let i = 0; i < values.length; i++) if (values[i]! >= limit) n++;
      return Math.abs(n - values.length * p) / Math.sqrt(values.length * p * (1 - p));
    }),
  );
}

import type { Engine, EngineOptions } from '../propagation/engine.ts';
import type { Calibration } from '../propagation/residual/runner.ts';

/** Numbers of calibration perturbations begin here, beyond those of any run. */
export const CALIBRATION = 2 ** 40;

/** Mean and standard deviation of the strength in each layer, of perturbations of their own that are followed through all layers. */
export async function calibrate(
  engine: Engine,
  options: Pick<EngineOptions, 'ensemble' | 'seed' | 'observable'>,
  network: number,
  count: number,
): Promise<Calibration> {
  const { depth } = options.ensemble;
  const ids = Float64Array.from({ length: count }, (_, i) => CALIBRATION + network * count + i);
  const mean = new Float64Array(depth + 1);
  const squares = new Float64Array(depth + 1);
  const seen = new Float64Array(depth + 1);
  for await (const window of engine.propagate(ids, { ...options, floor: null, windowRows: 65_536, recycle: true })) {
    for (let i = 0; i < window.length; i++) {
      const layer = window.layer[i]!;
      const away = window.strength[i]! - mean[layer]!;
      mean[layer]! += away / ++seen[layer]!;
      squares[layer]! += away * (window.strength[i]! - mean[layer]!);
    }
  }
  return { network, mean, sd: squares.map((sum) => Math.sqrt(sum / (count - 1))) };
}

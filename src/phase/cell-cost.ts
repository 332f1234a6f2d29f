import type { Cell } from './cells.ts';
import type { PhaseValues } from './parameters.ts';

/** Layers of an avalanche that ends, about. */
const ended = 20;

/**
 * Microseconds that a network of a cell takes, about, on a core of a server of the 2020s: what a partition takes beside its layers (five engines
 * are opened), those of the steady state at two weight variances, and those of the avalanche at three. Where the steady state lies above the
 * drive, an avalanche doesn't end.
 */
export function cellCost({ ensemble, point, burnIn }: Cell, partitionSize: number, values: PhaseValues): number {
  const { width, depth, inputStrength } = ensemble;
  // The recursion alone, or every neuron, or every weight.
  const neurons: Readonly<Record<string, number>> = {
    annealed: 0.0036 * width,
    quenched: 0.008 * width,
    dense: 0.01 * width ** 2,
    naive: 0.02 * width ** 2,
  };
  const [steady, avalanche] = [neurons[values.engine] ?? 0.1, neurons[values.engine] ?? 0.04];
  const layers = values.drive === 'input' && !(point.sStar <= inputStrength) ? depth : Math.min(depth, ended);
  return 6500 / partitionSize + 2 * (burnIn + values.window) * steady + 3 * layers * avalanche;
}

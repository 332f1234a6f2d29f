import { ParameterError } from '../error.ts';
import { activation } from '../network/activation.ts';
import type { Ensemble } from '../network/ensemble.ts';
import { type MeanFieldPoint, meanFieldPoint } from '../theory/meanfield.ts';
import type { PhaseValues } from './parameters.ts';

/** A cell of the phase diagram and how it is measured. Follows from the parameters alone. */
export interface Cell {
  readonly ensemble: Ensemble;
  readonly point: MeanFieldPoint;
  /** Perturbations, each with a network of its own. */
  readonly perturbations: number;
  readonly burnIn: number;
  /** Signal strength that the steady state is started from. */
  readonly start: number;
}

/** `count` values from `from` to `to`. */
export function line(from: number, to: number, count: number): number[] {
  // Rounded, so that σw² = 1 is 1 and not its neighbour.
  return Array.from({ length: count }, (_, i) =>
    count === 1 ? from : Number((from + ((to - from) * i) / (count - 1)).toPrecision(12)),
  );
}

const [shortest, longest] = [20, 400];

/** Layers after which the signal energy has forgotten where it started: e^{−10} is left, where ξ_q isn't too long. */
function burnInOf({ xiQ }: MeanFieldPoint): number {
  return Math.min(longest, Math.max(shortest, Number.isFinite(xiQ) ? Math.ceil(10 * xiQ) : longest));
}

/** Layers in which the signal energy comes to its fixed point or, where it has none and grows without bound, grows by e. */
const growthDepth = ({ qStar, qMapSlope, xiQ }: MeanFieldPoint): number =>
  qStar === Infinity && qMapSlope > 1 ? 1 / Math.log(qMapSlope) : xiQ;

/**
 * Networks that a cell takes. The relative error of ⟨s⟩ grows as ξ_q: fluctuations of a layer, √(1/2N), add up over ξ_q layers, and a window
 * holds 1/ξ_q as many independent stretches. So the number grows as ξ_q², from two layers on.
 */
function networksOf(point: MeanFieldPoint, { leastNetworks: least, mostNetworks: most }: PhaseValues): number {
  const depth = growthDepth(point);
  const wanted = Number.isFinite(depth) ? least * Math.max(1, (depth / 2) ** 2) : most;
  return Math.min(most, Math.ceil(wanted));
}

/**
 * The cells of the grid, one row of constant σb² after the other.
 * @throws ParameterError for a range that runs backwards, or more networks at least than at most
 */
export function phaseCells(values: PhaseValues): Cell[] {
  const { weightFrom, weightTo, biasFrom, biasTo, leastNetworks, mostNetworks, width } = values;
  for (const [name, low, high] of [
    ['weight-to', weightFrom, weightTo],
    ['bias-to', biasFrom, biasTo],
    ['most-networks', leastNetworks, mostNetworks],
  ] as const) {
    if (low > high) throw new ParameterError(`${name} must be at least ${low}, got ${high}`);
  }
  const phi = activation(values.activation);
  const drive = values.inputNorm / Math.sqrt(width);
  const weights = line(weightFrom, weightTo, values.weightCells);
  return line(biasFrom, biasTo, values.biasCells).flatMap((biasVariance, row) =>
    weights.map((weightVariance, column) => {
      const point = meanFieldPoint(phi, weightVariance, biasVariance);
      const steady = point.sStar > 0 && Number.isFinite(point.sStar) ? point.sStar : drive;
      const ensemble: Ensemble = {
        index: row * weights.length + column,
        activation: phi.name,
        width,
        depth: values.depth,
        weightVariance,
        biasVariance,
        inputStrength: values.drive === 'steady' ? steady : drive,
        reuse: 1,
      };
      const burnIn = values.burnIn ?? burnInOf(point);
      return { ensemble, point, perturbations: networksOf(point, values), burnIn, start: steady };
    }),
  );
}

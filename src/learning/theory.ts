import { type Activation, activation } from '../network/activation.ts';
import type { Ensemble } from '../network/ensemble.ts';
import { edgeOfChaos, type MeanFieldPoint, meanFieldPoint, widomLine } from '../theory/meanfield.ts';

/** What mean-field theory says of a cell. */
export interface CellTheory {
  readonly point: MeanFieldPoint;
  /** σw² of the curves at the cell's σb²; undefined where they have none. */
  readonly edge: number | undefined;
  readonly widom: number | undefined;
  readonly widomDeviation: number | undefined;
}

function curves(phi: Activation, bias: number): Omit<CellTheory, 'point'> {
  return {
    edge: edgeOfChaos(phi, bias)?.weightVariance,
    widom: widomLine(phi, bias, 'weight-variance')?.weightVariance,
    widomDeviation: widomLine(phi, bias, 'weight-deviation')?.weightVariance,
  };
}

/** Theory of each cell; curves are found once a σb². */
export function cellTheories(ensembles: readonly Ensemble[]): CellTheory[] {
  const known = new Map<string, Omit<CellTheory, 'point'>>();
  return ensembles.map(({ activation: name, weightVariance, biasVariance }) => {
    const phi = activation(name);
    const key = `${name}/${biasVariance}`;
    const found = known.get(key) ?? curves(phi, biasVariance);
    known.set(key, found);
    return { point: meanFieldPoint(phi, weightVariance, biasVariance), ...found };
  });
}

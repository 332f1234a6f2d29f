import { gaussianParameters, normOf, varianceOf } from '../network/gaussian.ts';
import { auto, choice, idleWhere, integer, real, type ValuesOf } from '../parameter.ts';
import { effectiveEngineParameters } from '../propagation/parameters.ts';

/** Parameters of the phase diagram: the grid, the networks, how the steady state and the avalanches are measured. */
export const phaseParameters = {
  activation: gaussianParameters.activation,
  width: integer('neurons per layer N', 300, 2, 2 ** 31 - 1),
  weightFrom: varianceOf('smallest weight variance σw² of the grid', 0.5),
  weightTo: idleWhere(varianceOf('largest weight variance σw²', 2.5), ({ weightCells }) =>
    weightCells === 1 ? 'where weight-cells is 1: the only one is weight-from' : undefined,
  ),
  weightCells: integer('how many weight variances the grid has', 41, 1, 10_000),
  biasFrom: varianceOf('smallest bias variance σb² of the grid', 0),
  biasTo: idleWhere(varianceOf('largest bias variance σb²', 0.5), ({ biasCells }) =>
    biasCells === 1 ? 'where bias-cells is 1: the only one is bias-from' : undefined,
  ),
  biasCells: integer('how many bias variances the grid has', 51, 1, 10_000),
  leastNetworks: integer('networks a cell far from criticality takes', 64),
  mostNetworks: integer(
    'networks a cell takes at most; in between they grow as the square of the decay length ξ_q',
    8192,
  ),
  burnIn: auto(
    integer('layers before the steady state (auto: ten decay lengths ξ_q of the theory, 20 to 400)', 100, 0),
  ),
  window: integer('layers of the steady state that are averaged', 200),
  step: real(
    'relative step in σw² of the differences that the susceptibility ∂s/∂σw² is measured by, with common random numbers',
    1e-3,
    1e-6,
    0.2,
  ),
  sizeStep: real(
    'relative step in σw² of the differences of mean avalanche sizes, with common random numbers',
    0.02,
    1e-6,
    0.2,
  ),
  drive: choice(
    'what avalanches start from and end below: the input norm, or the mean-field strength s* where there is one',
    'input',
    ['input', 'steady'],
  ),
  inputNorm: normOf('total norm of a perturbation, s0·√N'),
  depth: integer('layers an avalanche may last', 500, 1, 2 ** 31 - 2),
  engine: effectiveEngineParameters.engine,
};

/** Values of {@link phaseParameters}. */
export type PhaseValues = ValuesOf<typeof phaseParameters>;

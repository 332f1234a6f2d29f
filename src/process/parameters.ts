import { cracklingParameters } from '../crackling/parameters.ts';
import { auto, choice, integer, list, positive, real, type ValuesOf } from '../parameter.ts';
import { processes } from './processes.ts';

/** The control whose sizes are summed from zero, as no size should be. */
export const fromZero = 'random-walk-from-zero';

const names = [...processes.map(({ name }) => name), fromZero];
const { size: _, durationMin, durationMax, sizeMin, sizeMax, ...analysis } = cracklingParameters;

/** Parameters of the measurement of known exponents. */
export const knownExponentsParameters = {
  processes: list(
    `processes, one ensemble each; ${fromZero} sums sizes from zero in place of the excess, and must fail`,
    names,
    choice('', names[0]!, names),
  ),
  valid: auto(integer('valid avalanches a process to stop at (auto: each process its own number, to a million)', 1)),
  depth: auto(integer('layers L of the signal (auto: each process its own number)', 1024, 2, 2 ** 22)),
  offspring: real('mean offspring m of branching', 1, 0, 1000),
  drives: list('drives c of ABBM, one ensemble each', [0, 0.3], real('', 0, 0, 0.99)),
  relaxation: positive('relaxation time of the Ornstein–Uhlenbeck process, layers', 8192),
  durationMin: {
    ...durationMin,
    doc: 'smallest duration in fits (auto: 20 to 80 layers, from the exact law of the process)',
  },
  durationMax: {
    ...durationMax,
    doc: "largest duration in fits (auto: an eighth of the depth or the process's own cutoff)",
  },
  sizeMin: { ...sizeMin, doc: 'smallest size in fits (auto: the mean size at the smallest duration)' },
  sizeMax: { ...sizeMax, doc: 'largest size in fits (auto: the mean size at the largest duration)' },
  ...analysis,
  // Weights that come from ten sizes go with these sizes, and pull γ down by 0.01.
  scalingCount: { ...analysis.scalingCount, default: 100 },
};

export type KnownExponentsValues = ValuesOf<typeof knownExponentsParameters>;

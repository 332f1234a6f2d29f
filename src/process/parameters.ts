import { cracklingParameters } from '../crackling/parameters.ts';
import { auto, choice, idleWhere, integer, list, positive, real, type ValuesOf } from '../parameter.ts';
import { processes } from './processes.ts';

/** The control whose sizes are summed from zero, as no size should be. */
export const fromZero = 'random-walk-from-zero';

const names = [...processes.map(({ name }) => name), fromZero];
const { size: _, scalingMin: _min, scalingEnd: _end, ...analysis } = cracklingParameters;

/** Of parameters of one process. */
const without =
  (name: string) =>
  ({ processes: asked }: Readonly<Record<string, unknown>>): string | undefined =>
    Array.isArray(asked) && !asked.includes(name) ? `without the process ${name}` : undefined;

/** Parameters of the measurement of known exponents. */
export const knownExponentsParameters = {
  processes: list(
    `processes, one ensemble each; ${fromZero} sums sizes from zero in place of the excess, and must fail`,
    names,
    choice('', names[0]!, names),
  ),
  valid: auto(integer('valid avalanches a process to stop at (auto: each process its own number, to a million)', 1)),
  depth: auto(integer('layers L of the signal (auto: each process its own number)', 1024, 2, 2 ** 22)),
  offspring: idleWhere(real('mean offspring m of branching', 1, 0, 1000), without('branching')),
  drives: idleWhere(list('drives c of ABBM, one ensemble each', [0, 0.3], real('', 0, 0, 0.99)), without('abbm')),
  relaxation: idleWhere(
    positive('relaxation time of the Ornstein–Uhlenbeck process, layers', 8192),
    without('ornstein-uhlenbeck'),
  ),
  ...analysis,
};

/** Values of {@link knownExponentsParameters}. */
export type KnownExponentsValues = ValuesOf<typeof knownExponentsParameters>;

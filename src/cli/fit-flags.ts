import { ParameterError } from '../error.ts';
import { flagName, type ParameterSpecs } from '../parameter.ts';
import {
  avalancheParameters,
  columnParameters,
  comparisonParameters,
  scanParameters,
  traceParameters,
} from '../recording/parameters.ts';

/** What is fitted: a column, avalanches of a table, those found in a trace, or a column of two samples. */
export type FitKind = 'column' | 'avalanches' | 'trace' | 'comparison';

const specs: Readonly<Record<FitKind, ParameterSpecs>> = {
  column: columnParameters,
  comparison: comparisonParameters,
  avalanches: avalancheParameters,
  trace: { ...traceParameters, ...scanParameters },
};

/** Why a parameter is none of this kind's. */
function reason(name: string, kind: FitKind): string {
  if (kind === 'comparison') return "doesn't go together with --against and --by";
  if (name === 'permutations') return 'is for one column of two samples: give --against or --by';
  if (kind === 'column') {
    if (name === 'blockBy') return 'is for avalanches and two samples: give --avalanches, --trace, --against or --by';
    if (name in avalancheParameters) return 'is for avalanches: give --avalanches or --trace';
    return 'says how to find avalanches in a trace: give --trace';
  }
  if (name === 'xmin' || name === 'xmax') {
    return 'is for one column: give --size-min, --size-max, --duration-min and --duration-max';
  }
  if (name in scanParameters) return 'is for a trace: give --trace';
  if (!(name in traceParameters) && !(name in avalancheParameters)) return 'is for one column, not for avalanches';
  if (kind === 'trace') return "doesn't go together with --trace";
  return name === 'column'
    ? "doesn't go together with --avalanches"
    : 'says how to find avalanches in a trace: give --trace';
}

/** Throws for what a scan has no place for: it is a row of exponents a point. */
function checkScan({ scan, bootstrap, surrogate }: Readonly<Record<string, unknown>>): void {
  const asked = bootstrap === undefined ? surrogate : bootstrap;
  if (asked === undefined || String(asked) === 'none') return;
  const name = asked === bootstrap ? 'bootstrap' : 'surrogate';
  throw new ParameterError(`${name} doesn't go together with --scan: fit at one ${scan} for it`);
}

/**
 * Holds flags that were given against what is fitted, and against each other.
 * @throws ParameterError for flags that don't go together
 */
export function checkFlags(given: Readonly<Record<string, unknown>>, kind: FitKind): void {
  for (const name of Object.keys(given)) {
    if (!(name in specs[kind])) throw new ParameterError(`${flagName(name)} ${reason(name, kind)}`);
  }
  if (given.scanAt !== undefined && given.scan === undefined) {
    throw new ParameterError('scan-at says where to scan: give --scan threshold or --scan time-bin');
  }
  if (given.scalingCount !== undefined && given.scalingWeights !== 'log') {
    throw new ParameterError('scaling-count joins durations of few avalanches: give --scaling-weights log');
  }
  if (given.channels !== undefined && given.column !== undefined) {
    throw new ParameterError("column doesn't go together with --channels");
  }
  if (given.exact === true && given.rawLimit !== undefined) {
    throw new ParameterError("raw-limit doesn't go together with --exact, which keeps every value");
  }
  if (given.candidates !== undefined && typeof given.xmin === 'number') {
    throw new ParameterError('candidates are tried for xmin, which is given: leave out one of them');
  }
  if (given.scan !== undefined) checkScan(given);
}

import type { Interval, MultistepEstimate } from './estimate.ts';
import { fewTrials } from './pair-sums.ts';

const means: Record<MultistepEstimate['means'], string> = {
  'within-trials': 'means of each trial taken off',
  'trial-separated': 'averaged over trials',
  'stationary-mean': 'one mean of all trials taken off',
};

function within({ estimate, low, high }: Interval, digits: number, open: boolean): string {
  const range = open
    ? `at least ${low.toPrecision(digits)}`
    : `${low.toPrecision(digits)} to ${high.toPrecision(digits)}`;
  return `${estimate.toPrecision(digits)} (95 %: ${range})`;
}

/** Digits that tell a ratio from 1. */
const digitsOf = (time: number): number => Math.max(4, Math.ceil(Math.log10(time)) + 1);

/** What the multistep branching ratio came to, in a sentence made of its numbers. */
export function multistepInWords(found: MultistepEstimate | undefined): string {
  if (found === undefined) return 'The trace is too short for a multistep branching ratio.';
  const { ratio, time, decay, fits, trials, units, coefficients, significance } = found;
  const of = trials === 1 ? `one trace in ${units} stretches` : `${trials} trials`;
  const how = `${means[found.means]}, ${of}`;
  if (Number.isNaN(ratio.estimate)) {
    const away = significance.toFixed(1).replace('-', '\u2212');
    return `No memory over ${coefficients.length} rows (${away} standard errors; ${how}): the multistep branching ratio is not defined, or near 0.`;
  }
  const law = decay === 'exponential' ? 'exponential' : 'exponential with an offset';
  const open = time.high === Infinity;
  const data = trials > fewTrials ? 'Trials' : 'The data';
  const short = open ? ` ${data} are too short to tell this time from any longer one.` : '';
  return `Multistep branching ratio ${within(ratio, digitsOf(time.estimate), open)}, autocorrelation time ${within(time, 3, open)} rows: ${law} over ${fits[decay].lags} rows, ${how} (1 is critical; Wilting & Priesemann 2018).${short}`;
}

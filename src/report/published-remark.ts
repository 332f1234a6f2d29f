import { withError } from './concise.ts';
import type { Remark } from './null-model-findings.ts';
import { estimateOf, numberOf, type Row, textOf } from './table-row.ts';

/**
 * What the published code prints (GitHub ArshamCS/DNN_criticality, commit 4982bc4, of arXiv:2509.22649) for tanh, N = 500, 1000 layers and
 * σw² = 1.002, with errors where it has them.
 */
const published = [
  { name: 'tau', symbol: 'τ', value: 1.305, error: 0.0004 },
  { name: 'alpha', symbol: 'α', value: 1.5094, error: 0.0008 },
  { name: 'gamma_scaling', symbol: 'γ', value: 1.5848 },
  { name: 'gamma_predicted', symbol: '(α − 1)/(τ − 1)', value: 1.67 },
] as const;

/** Whether an ensemble is like the published one: a critical tanh network of about its width and depth. */
function isAlike(ensemble: Row): boolean {
  const width = numberOf(ensemble, 'width');
  return (
    textOf(ensemble, 'activation') === 'tanh' &&
    textOf(ensemble, 'model') === '' &&
    width >= 400 &&
    width <= 625 &&
    numberOf(ensemble, 'depth') >= 900 &&
    numberOf(ensemble, 'bias_variance') === 0 &&
    Math.abs(numberOf(ensemble, 'weight_variance') - 1) <= 2 / width
  );
}

const signed = (x: number): string => `${x < 0 ? '−' : '+'}${Math.abs(x).toFixed(3)}`;

/** How exponents of an ensemble compare with the published ones; nothing where it is another network, or sizes are summed from zero. */
export function publishedRemark(row: Row, ensemble: Row): Remark[] {
  const both = published.filter(({ name }) => estimateOf(row, name) !== undefined);
  if (both.length === 0 || !isAlike(ensemble) || textOf(row, 'size') !== 'excess') return [];
  const theirs = both.map(({ symbol, value, ...rest }) => {
    const shown = 'error' in rest ? withError(value, rest.error) : value.toString();
    return `${symbol} = ${shown}`;
  });
  const off = both.map(({ name, value }) => signed(numberOf(row, name) - value));
  const joined = (parts: readonly string[]): string =>
    parts.length < 2 ? parts.join() : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
  return [
    {
      sentence: `the published code (arXiv:2509.22649) prints ${joined(theirs)} for N = 500, by rules of its own (--preset authors), from which these are ${joined(off)} away.`,
      quantities: both.map(({ name, value, ...rest }) => ({
        quantity: name,
        of: 'arXiv:2509.22649',
        value,
        ...('error' in rest ? { error: rest.error } : {}),
      })),
    },
  ];
}

import { classVerdict, incomparableInWords } from './class-verdict.ts';
import { withError } from './concise.ts';
import { planeTables } from './plane-summaries.ts';
import { plainNumber } from './quantity.ts';
import { seriesOf } from './series.ts';
import { groupRows, numberOf, type Row, rowsOf, type Tables, textOf } from './table-row.ts';
import { knownExponentLines } from './terminal-known.ts';
import { surrogateLines } from './terminal-surrogates.ts';

/** A table of the page: its caption, heads and rows of text. */
export interface StudyTable {
  readonly id: string;
  readonly title: string;
  readonly caption: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const shown = (value: number, digits = 3): string =>
  Number.isFinite(value) ? plainNumber(Number(value.toPrecision(digits))) : '–';

const measured = (row: Row, name: string): string =>
  Number.isFinite(numberOf(row, name)) ? withError(numberOf(row, name), numberOf(row, `${name}_error`)) : '–';

const symbols: Readonly<Record<string, string>> = {
  tau: 'τ',
  alpha: 'α',
  gamma_scaling: 'γ, mean size',
  gamma_collapse: 'γ, collapse',
  gamma_predicted: '(α − 1)/(τ − 1)',
  mismatch: 'Mismatch',
  branching_ratio: 'Branching ratio',
};

function extrapolations(tables: Tables): StudyTable {
  return {
    id: 'infinite-width',
    title: 'Infinite width',
    caption:
      'Weighted fits in 1/N, and in 1/√N and 1/N, at 1/N → 0. Errors allow for scatter about the fit; χ² far above its degrees of freedom says that a form is wrong.',
    head: ['Exponent', 'Form', 'At infinite width', 'a', 'b', 'χ²', 'Degrees of freedom'],
    rows: rowsOf(tables, 'extrapolation').map((row) => [
      symbols[textOf(row, 'exponent')] ?? textOf(row, 'exponent'),
      textOf(row, 'approach') === 'root' ? 'y + a/√N + b/N' : 'y + b/N',
      measured(row, 'intercept'),
      measured(row, 'root'),
      measured(row, 'slope'),
      shown(numberOf(row, 'chi_square')),
      shown(numberOf(row, 'degrees_of_freedom')),
    ]),
  };
}

function corrections(tables: Tables): StudyTable {
  return {
    id: 'corrections',
    title: 'Finite-size corrections',
    caption:
      'Correction δ in σw² = critical·(1 + δ) at which the distribution is straightest in log–log axes, in units of c/N (c = 1 for odd activations); 1 is expected.',
    head: ['Width', 'Distribution', 'δ·N/c', 'R²', 'Inside the scan', 'δ·N/c used'],
    rows: rowsOf(tables, 'correction').map((row) => [
      `N = ${numberOf(row, 'width')}`,
      textOf(row, 'observable'),
      measured(row, 'scaled'),
      shown(numberOf(row, 'r_squared'), 5),
      row.inside === true ? 'yes' : 'no',
      shown(numberOf(row, 'used')),
    ]),
  };
}

function walks(tables: Tables): StudyTable {
  return {
    id: 'random-walk',
    title: 'Random-walk theory',
    caption:
      'α in a window of durations 1 ≪ D ≪ N, beside what the same fit finds on first returns of a symmetric walk, which tend to D^−3/2.',
    head: ['Activation', 'Durations', 'α', 'α, theory', 'Off by σ', 'γ', 'γ beyond N layers', 'Drift per q'],
    rows: rowsOf(tables, 'random_walk').map((row) => [
      textOf(row, 'activation'),
      `${numberOf(row, 'duration_min')}–${numberOf(row, 'duration_max')}`,
      measured(row, 'alpha'),
      shown(numberOf(row, 'alpha_theory'), 4),
      shown(numberOf(row, 'alpha_deviation'), 2),
      measured(row, 'gamma'),
      measured(row, 'gamma_beyond'),
      shown(numberOf(row, 'trap')),
    ]),
  };
}

/** Classes of an ensemble that are shown, beside all that its exponents allow. */
const most = 4;

function classes(tables: Tables): StudyTable {
  const labels = new Map(seriesOf(tables, rowsOf(tables, 'exponents')).map(({ ensemble, label }) => [ensemble, label]));
  const groups = [...groupRows(rowsOf(tables, 'universality'), 'ensemble')];
  const left = incomparableInWords(groups[0]?.[1] ?? []);
  return {
    id: 'universality',
    title: 'Universality classes',
    caption: `Nearest classes by their joint χ², and every class that is not excluded at the 5 % level by statistical and systematic errors. Classes that are tied can’t be told apart by these exponents.${left === '' ? '' : ` ${left[0]!.toUpperCase()}${left.slice(1)}.`}`,
    head: ['Ensemble', 'Class', 'τ', 'α', 'γ', 'Worst difference', 'χ²', 'p', 'Tied with'],
    rows: groups.flatMap(([ensemble, own]) => {
      const { comparable, allowed } = classVerdict(own);
      return comparable
        .filter((row, i) => i < most || allowed.includes(row))
        .map((row) => [
          labels.get(ensemble) ?? '1/N → 0',
          `${textOf(row, 'class')}${textOf(row, 'basis') === 'indicative' ? ' (digits indicative)' : ''}`,
          ...['tau', 'alpha', 'gamma'].map((name) => shown(numberOf(row, name), 4)),
          shown(numberOf(row, 'largest_difference'), 2),
          shown(numberOf(row, 'chi_square')),
          shown(numberOf(row, 'p_value'), 2),
          textOf(row, 'ties') || '–',
        ]);
    }),
  };
}

function nullModels(tables: Tables): StudyTable {
  const { head, rows } = surrogateLines(tables);
  return {
    id: 'surrogates',
    title: 'Null models',
    caption:
      'Exponents beside those of surrogates that keep layer means and covariance (gaussian), the spectrum over layers (phase), or the values of each layer (shuffle). What survives in its surrogate, to within 0.1, says nothing about the dynamics.',
    head,
    rows,
  };
}

function controls(tables: Tables): StudyTable {
  const { head, rows } = knownExponentLines(tables);
  return {
    id: 'known-exponents',
    title: 'Known exponents',
    caption:
      'Exponents that are known, what the same fit in the same window finds on the exact law of the process (at finite size), and what was measured. Two standard errors or fewer agree, more than three are wrong; of 22 measurements one lies beyond two by chance. Sizes summed from zero must be wrong.',
    head,
    rows,
  };
}

/** Tables of studies; only those with rows. */
export function studyTables(tables: Tables): StudyTable[] {
  return [
    controls(tables),
    ...planeTables(tables),
    ...[extrapolations(tables), corrections(tables), walks(tables), nullModels(tables), classes(tables)],
  ].filter(({ rows }) => rows.length > 0);
}

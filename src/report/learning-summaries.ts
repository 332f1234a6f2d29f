import { withError } from './concise.ts';
import type { Finding } from './finding.ts';
import { distinct } from './phase-plane.ts';
import { gridNumbers, plainNumber } from './quantity.ts';
import { predictorTexts, rankedOverall } from './rank-correlation-figure.ts';
import type { Summary } from './summary.ts';
import { quantityOf, shown } from './summary-cells.ts';
import { numberOf, type Row, rowsOf, type Tables, textOf } from './table-row.ts';

const interval = (row: Row, name: string): string =>
  Number.isFinite(numberOf(row, `${name}_low`))
    ? `${numberOf(row, `${name}_low`).toFixed(2)} to ${numberOf(row, `${name}_high`).toFixed(2)}`.replace(/-/g, '−')
    : '–';

/** Where networks trained, row by row of the map: the best cell beside the curves of the theory. */
export function trainedSummary(tables: Tables): Summary {
  const rows = rowsOf(tables, 'trainable_region');
  const threshold = numberOf(rows[0] ?? {}, 'threshold');
  const shownBias = gridNumbers(rows.map((row) => numberOf(row, 'bias_variance')));
  const cells = rows.map((row) => [
    `σb² = ${shownBias(numberOf(row, 'bias_variance'))}`,
    shown(numberOf(row, 'peak')),
    withError(numberOf(row, 'peak_accuracy'), numberOf(row, 'peak_accuracy_error')),
    shown(numberOf(row, 'weight_low')),
    shown(numberOf(row, 'weight_high')),
    shown(numberOf(row, 'edge_of_chaos')),
    shown(numberOf(row, 'widom_line')),
  ]);
  return {
    id: 'trained',
    title: 'Where networks train',
    caption: `Best cell of each bias variance, and the weight variances between which the accuracy is at least ${plainNumber(100 * threshold)} % (–: beyond the grid, or nowhere), beside the edge of chaos and the Widom-like line.`,
    head: ['Bias variance', 'Best σw²', 'Accuracy there', 'From', 'To', 'Edge of chaos', 'Widom-like line'],
    rows: cells,
    findings: trainedFindings(
      rows,
      rowsOf(tables, 'trainability').filter((row) => textOf(row, 'experiment') === 'map'),
    ),
    brief: {
      head: ['σb²', 'best σw²', 'accuracy', 'from', 'to', 'edge of chaos', 'Widom-like'],
      rows: cells.map(([bias = '', ...rest]) => [bias.replace('σb² = ', ''), ...rest]),
    },
  };
}

const whereIs = (row: Row, curve: string, column: string): string =>
  Number.isFinite(numberOf(row, column))
    ? `the ${curve} is at ${shown(numberOf(row, column))}`
    : `there is no ${curve}`;

/** How many other points of the map come as far as the best one, to within two errors, in words; '' where none does. */
function asGood(best: Row, points: readonly Row[]): string {
  const [accuracy, error] = [numberOf(best, 'peak_accuracy'), numberOf(best, 'peak_accuracy_error')];
  const others = points.filter(
    (row) =>
      numberOf(row, 'weight_variance') !== numberOf(best, 'peak') ||
      numberOf(row, 'bias_variance') !== numberOf(best, 'bias_variance'),
  );
  const alike = others.filter(
    (row) => accuracy - numberOf(row, 'accuracy') <= 2 * Math.hypot(error || 0, numberOf(row, 'accuracy_error') || 0),
  );
  return alike.length === 0 ? '' : `; ${alike.length} of the other ${others.length} points can't be told from it`;
}

function trainedFindings(rows: readonly Row[], points: readonly Row[]): Finding[] {
  const found = rows.filter((row) => Number.isFinite(numberOf(row, 'peak_accuracy')));
  if (found.length === 0) return [];
  const best = found.reduce((a, b) => (numberOf(b, 'peak_accuracy') > numberOf(a, 'peak_accuracy') ? b : a));
  const there = `σw² = ${shown(numberOf(best, 'peak'))}, σb² = ${shown(numberOf(best, 'bias_variance'))}`;
  const accuracy = withError(numberOf(best, 'peak_accuracy'), numberOf(best, 'peak_accuracy_error'));
  const what =
    points.length === 1
      ? `Networks at ${there}, the only point tried, come to an accuracy of ${accuracy}`
      : `Networks train best at ${there}: accuracy ${accuracy}`;
  return [
    {
      sentence: `${what}, where ${whereIs(best, 'edge of chaos', 'edge_of_chaos')} and ${whereIs(best, 'Widom-like line', 'widom_line')}${asGood(best, points)}.`,
      quantities: [
        quantityOf(best, 'bias_variance'),
        quantityOf(best, 'peak', 'weight_variance'),
        quantityOf(best, 'peak_accuracy', 'accuracy'),
        quantityOf(best, 'edge_of_chaos'),
        quantityOf(best, 'widom_line'),
      ],
    },
  ];
}

/** Epochs that networks of the scan needed to their target, width by width: where each learned fastest. */
export function scanSummary(tables: Tables, target: number): Summary {
  const all = rowsOf(tables, 'trainability').filter((row) => textOf(row, 'experiment') === 'scan');
  const percent = `${plainNumber(100 * target)} %`;
  const widths = distinct(all.map((row) => numberOf(row, 'width')));
  return {
    id: 'epochs',
    title: `Epochs to ${percent} training accuracy`,
    caption: `Mean over the networks that came to an accuracy of ${percent}, how many of all did, and the accuracy in their last epoch.`,
    head: ['Width', 'σw²', 'Epochs', 'Came there', 'Accuracy at last'],
    rows: all.map((row) => [
      `N = ${plainNumber(numberOf(row, 'width'))}`,
      plainNumber(numberOf(row, 'weight_variance')),
      shown(numberOf(row, 'epochs_to_target')),
      `${plainNumber(numberOf(row, 'reached'))} of ${plainNumber(numberOf(row, 'runs'))}`,
      withError(numberOf(row, 'accuracy'), numberOf(row, 'accuracy_error')),
    ]),
    findings: widths.map((width) =>
      scanFinding(
        width,
        all.filter((row) => numberOf(row, 'width') === width),
        percent,
      ),
    ),
  };
}

/** A weight variance, and whether it is an end of those that were tried, beyond which networks may be better still. */
function weightOf(row: Row, tried: readonly number[]): string {
  const weight = numberOf(row, 'weight_variance');
  const end = weight === Math.max(...tried) ? 'largest' : weight === Math.min(...tried) ? 'smallest' : undefined;
  return end === undefined || tried.length === 1 ? shown(weight) : `${shown(weight)} (the ${end} tried)`;
}

function scanFinding(width: number, rows: readonly Row[], percent: string): Finding {
  const whole = rows.filter((row) => numberOf(row, 'reached') === numberOf(row, 'runs'));
  const label = `N = ${width}`;
  if (whole.length > 0) {
    const fewest = Math.min(...whole.map((row) => numberOf(row, 'epochs_to_target')));
    const fastest = whole.filter((row) => numberOf(row, 'epochs_to_target') === fewest);
    const tried = rows.map((row) => numberOf(row, 'weight_variance'));
    const best = fastest[0]!;
    const alike = rows.length > 1 && fastest.length === rows.length;
    const where = alike
      ? `equally fast at all ${rows.length} weight variances`
      : `fastest at σw² = ${fastest.map((row) => weightOf(row, tried)).join(' and ')}`;
    return {
      label,
      sentence: `${label}: networks come to ${percent} training accuracy ${where}, in ${shown(fewest)} ${fewest === 1 ? 'epoch' : 'epochs'}, where ${whereIs(best, 'edge of chaos', 'edge_of_chaos')} and ${whereIs(best, 'Widom-like line', 'widom_line')}; ${whole.length} of ${rows.length} ${rows.length === 1 ? 'weight variance comes' : 'weight variances come'} there with all networks.`,
      quantities: [
        ...fastest.map((row) => quantityOf(row, 'weight_variance')),
        quantityOf(best, 'epochs_to_target'),
        quantityOf(best, 'edge_of_chaos'),
        quantityOf(best, 'widom_line'),
      ],
    };
  }
  const best = rows.reduce((a, b) => (numberOf(b, 'accuracy') > numberOf(a, 'accuracy') ? b : a));
  return {
    label,
    sentence: `${label}: at no weight variance did all networks come to ${percent} training accuracy; the best, σw² = ${shown(numberOf(best, 'weight_variance'))}, ended at ${withError(numberOf(best, 'accuracy'), numberOf(best, 'accuracy_error'))}.`,
    quantities: [quantityOf(best, 'weight_variance'), quantityOf(best, 'accuracy')],
  };
}

/** Predictors from the best to the worst, and how far each is behind the best. */
export function predictorsSummary(tables: Tables): Summary {
  const ranked = rankedOverall(rowsOf(tables, 'rank_correlation'));
  const best = ranked[0] === undefined ? '' : textOf(ranked[0], 'predictor');
  const behind = (predictor: string): Row =>
    rowsOf(tables, 'rank_difference').find(
      (row) => textOf(row, 'predictor') === best && textOf(row, 'other') === predictor,
    ) ?? {};
  const cells = ranked.map((row) => {
    const predictor = textOf(row, 'predictor');
    const gap = behind(predictor);
    const ahead = numberOf(gap, 'ahead');
    return [
      predictorTexts[predictor] ?? predictor,
      withError(numberOf(row, 'rho'), numberOf(row, 'rho_error')),
      interval(row, 'rho'),
      withError(numberOf(gap, 'difference'), numberOf(gap, 'difference_error')),
      interval(gap, 'difference'),
      Number.isFinite(ahead) ? `${(100 * ahead).toFixed(1)} %` : '–',
    ];
  });
  return {
    id: 'predictors',
    title: 'What predicts training accuracy',
    caption:
      "Spearman's ρ of the cells' training accuracy with quantities of the mean-field theory, the best first, and how far each is behind the best one. Errors and central 95 %: bootstrap over cells and over the networks of a cell, the same resamples for all; last column: share of resamples in which the best one is ahead.",
    head: ['Predictor', 'ρ', '95 %', 'Behind the best', '95 %', 'Best ahead in'],
    rows: cells,
    brief: {
      head: ['predictor', 'ρ', 'behind the best', 'best ahead'],
      rows: cells.map(([predictor = '', rho = '', , gap = '', , ahead = '']) => [predictor, rho, gap, ahead]),
    },
    findings:
      ranked[0] === undefined
        ? []
        : [
            {
              sentence: predictorSentence(ranked, behind),
              quantities: ranked.map((row) => ({ ...quantityOf(row, 'rho'), of: textOf(row, 'predictor') })),
            },
          ],
  };
}

/** In what share of resamples a predictor must be ahead for it to be told from another. */
const told = 0.95;

function predictorSentence(ranked: readonly Row[], behind: (predictor: string) => Row): string {
  const named = (row: Row): string => predictorTexts[textOf(row, 'predictor')] ?? textOf(row, 'predictor');
  const rho = (row: Row): string => withError(numberOf(row, 'rho'), numberOf(row, 'rho_error'));
  const [best, second] = ranked;
  const clear = numberOf(best!, 'rho_low') <= 0 ? ', not clear of 0' : '';
  const first = `Training accuracy is best predicted by ${named(best!)} (Spearman's ρ = ${rho(best!)}${clear})`;
  if (second === undefined) return `${first}.`;
  const ahead = numberOf(behind(textOf(second, 'predictor')), 'ahead');
  const share = `the first is ahead in ${(100 * ahead).toFixed(1)} % of resamples${ahead < told ? ", so that the two can't be told apart" : ''}`;
  return `${first}, then by ${named(second)} (${rho(second)})${Number.isFinite(ahead) ? `: ${share}` : ''}.`;
}

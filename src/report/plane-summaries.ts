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

/** Bias variances that a summary of the phase diagram has room for. */
const most = 11;

/** The cell of a row in which a column is largest, a divergence above all; undefined where it is known of too few. */
function peakCell(row: readonly Row[], column: string): Row | undefined {
  const found = row.filter((cell) => !Number.isNaN(numberOf(cell, column)));
  if (found.length < 3) return undefined;
  return found.reduce((best, cell) => (numberOf(cell, column) > numberOf(best, column) ? cell : best));
}

/** The weight variance of this cell; NaN where there is none, or nothing is susceptible. */
function ridge(row: readonly Row[], column: string): number {
  const peak = peakCell(row, column) ?? {};
  return numberOf(peak, column) > 0 ? numberOf(peak, 'weight_variance') : Number.NaN;
}

/** The largest distance between neighbouring weight variances of a row. */
function stepOf(row: readonly Row[]): number {
  const at = row.map((cell) => numberOf(cell, 'weight_variance')).sort((a, b) => a - b);
  return Math.max(...at.slice(1).map((x, i) => x - at[i]!));
}

const ridgeColumns = ['susceptibility', 'size_susceptibility', 'chi_weight_variance'] as const;

const fewer = 'fewer than three cells have a susceptibility';

/** The weight variance of this cell in words, with a remark where the row ends there, so that the peak may lie beyond. */
function ridgeWords(row: readonly Row[], column: string): string | undefined {
  const at = ridge(row, column);
  if (!Number.isFinite(at)) return undefined;
  const all = row.map((cell) => numberOf(cell, 'weight_variance'));
  const last = at === Math.max(...all) ? 'highest' : at === Math.min(...all) ? 'lowest' : undefined;
  return `${shown(at, 6)}${last === undefined ? '' : ` (the ${last} of the grid: the peak may lie beyond)`}`;
}

/** What becomes of signals in theory where no cell has a susceptibility above 0. */
function stillWords(row: readonly Row[]): string {
  const endless = row.filter((cell) => numberOf(cell, 's_star') === Infinity);
  if (endless.length === 0) return 'the susceptibility is 0 in every cell: signals die out';
  const from = Math.min(...endless.map((cell) => numberOf(cell, 'weight_variance')));
  return `no cell has a susceptibility above 0: signals grow without bound from σw² = ${shown(from, 4)} on, and die out below`;
}

/** Where theory is most susceptible at a bias variance: on the Widom-like line, and where that has no point, in which cell. */
function ridgeInTheory(row: readonly Row[], curves: readonly Row[]): { readonly at: number; readonly words: string } {
  const bias = numberOf(row[0]!, 'bias_variance');
  const point = curves.find(
    (one) => textOf(one, 'curve') === 'widom-weight-variance' && numberOf(one, 'bias_variance') === bias,
  );
  const verb = (top: number): string => `the susceptibility ${top === Infinity ? 'diverges' : 'peaks'} at`;
  if (point !== undefined) {
    const at = numberOf(point, 'weight_variance');
    return { at, words: `${verb(numberOf(point, 'value'))} ${shown(at, 4)}` };
  }
  const column = 'chi_weight_variance';
  const found = ridgeWords(row, column);
  const top = numberOf(peakCell(row, column) ?? {}, column);
  const none = top === 0 ? stillWords(row) : fewer;
  return { at: ridge(row, column), words: found === undefined ? none : `${verb(top)} ${found}` };
}

function ridgeFindings(rows: readonly (readonly Row[])[], curves: readonly Row[]): Finding[] {
  return rows.slice(0, 1).map((row) => {
    const bias = numberOf(row[0]!, 'bias_variance');
    const theory = ridgeInTheory(row, curves);
    const at = [ridge(row, 'susceptibility'), ridge(row, 'size_susceptibility'), theory.at];
    const [strength, size] = [ridgeWords(row, 'susceptibility'), ridgeWords(row, 'size_susceptibility')];
    const found = [
      strength === undefined
        ? `${fewer} of the signal strength`
        : `the signal strength is most susceptible to the weight variance at σw² = ${strength}`,
      size === undefined ? `${fewer} of the mean avalanche size` : `the mean avalanche size at ${size}`,
    ];
    return {
      sentence: `At σb² = ${plainNumber(bias)} ${found.join(', ')}; in theory (N → ∞) ${theory.words}. The grid has steps of ${shown(stepOf(row))}.`,
      quantities: ridgeColumns.map((column, i) => ({
        quantity: 'weight_variance',
        of: `peak of ${column} at bias variance ${bias}`,
        value: at[i]!,
      })),
    };
  });
}

/** Where strength and mean avalanche size of finite networks are most susceptible to σw², beside the Widom-like line. */
export function ridgesSummary(tables: Tables): Summary {
  const cells = rowsOf(tables, 'phase');
  const all = distinct(cells.map((row) => numberOf(row, 'bias_variance')));
  const shownBias = gridNumbers(all);
  const biases = all.filter((_, i) => all.length <= most || i % Math.ceil(all.length / most) === 0);
  const rows = biases.map((bias) => cells.filter((row) => numberOf(row, 'bias_variance') === bias));
  return {
    id: 'ridges',
    title: 'Where finite networks are most susceptible to σw²',
    caption:
      'Cell of each bias variance in which the susceptibility is largest: of the signal strength, of the mean avalanche size, and in theory (N → ∞). Resolution is limited by the grid.',
    head: ['Bias variance', '∂⟨s⟩/∂σw²', 'd⟨S⟩/dσw²', '∂s*/∂σw², theory'],
    rows: rows
      .filter((row) => row.length >= 3)
      .map((row) => [
        `σb² = ${shownBias(numberOf(row[0]!, 'bias_variance'))}`,
        ...ridgeColumns.map((column) => shown(ridge(row, column), 6)),
      ]),
    findings: ridgeFindings(
      rows.filter((row) => row.length >= 3),
      rowsOf(tables, 'phase_curve'),
    ),
  };
}

import type { ExponentName } from '../crackling/exponents.ts';
import { comparisons } from '../crackling/surrogates.ts';
import { classRows } from '../crackling/universality.ts';
import { sentence } from '../fit/verdict.ts';
import type { CracklingFit } from '../recording/crackling.ts';
import { channelsInWords } from '../recording/found-in-words.ts';
import { cracklingSentences, noPowerLawInWords, undecidedOf } from '../recording/sentences.ts';
import { className } from '../report/class-style.ts';
import { classesInWords, classVerdict, incomparableInWords } from '../report/class-verdict.ts';
import { withError } from '../report/concise.ts';
import { thinMark } from '../report/footing-summary.ts';
import { fullNumber, plainNumber } from '../report/quantity.ts';
import { numberOf, type Row, textOf } from '../report/table-row.ts';
import { draw } from '../report/terminal.ts';
import { layout, meaningText, page, pText } from './fit-text.ts';

/** Integers with all their digits. */
const cutoff = (value: number): string => (Number.isSafeInteger(value) ? String(value) : plainNumber(value, 5));

/** The range of a fit. */
export const range = (min: number, max: number | null): string =>
  `${cutoff(min)} – ${max === null ? '∞' : cutoff(max)}`;

function headText({ source, table, trace, blocked }: CracklingFit): string {
  const { n, nonPositive } = blocked.all.histogram;
  const excluded =
    nonPositive === 0 ? [] : [`${fullNumber(nonPositive)} of them have a size ≤ 0: they are in no fit of sizes`];
  if (trace === undefined) {
    const { size, duration, counts, durationStep } = table!;
    const open = counts.censored > 0 ? ` (${fullNumber(counts.censored)} censored ones left out)` : '';
    const some = counts.kept < counts.read ? `, ${counts.kept} of ${counts.read} rows${open}` : '';
    const steps = durationStep === 1 ? [] : [`Durations are all multiples of ${durationStep}: counted in such steps`];
    return [`${size} and ${duration} of ${source}${some}: ${fullNumber(n)} avalanches`, ...steps, ...excluded].join(
      '\n',
    );
  }
  const { tally, threshold, timeBin, events, channels } = trace;
  const share = (100 * tally.rowsInside) / tally.rows;
  const side = trace.below && events === undefined ? ', rows below it' : '';
  const lines = [
    `${trace.column} of ${source}: ${fullNumber(tally.rows)} ${timeBin === undefined ? 'rows' : `time bins of ${plainNumber(timeBin)}`}, ${share.toPrecision(3)} % of them in avalanches (threshold ${plainNumber(threshold)}${side})`,
    `${fullNumber(tally.valid)} avalanches; ${fullNumber(tally.censored)} more touch a gap or an end of the trace and are left out`,
    trace.size === 'excess'
      ? 'Sizes are of the excess over the threshold, Σ (signal − threshold)'
      : 'Sizes are of the signal from zero, Σ signal',
    ...excluded,
  ];
  if (!trace.below && events === undefined && tally.rowsInside >= 0.9 * tally.rows) {
    lines.push('Avalanches go above the threshold, where nearly all rows are: --below finds what goes below it');
  }
  if (events !== undefined) {
    const missing = events.missing > 0 ? `; ${fullNumber(events.missing)} rows without a time left out` : '';
    lines.push(`${fullNumber(events.count)} events${missing}`);
  }
  if (channels !== undefined) {
    const counts = channels[0]?.threshold === null;
    lines.push(
      `${counts ? 'Channels, and events that they count' : 'Thresholds of the channels, and events beyond'}: ${channelsInWords(channels)}`,
    );
    if (!counts && channels.every(({ whole, threshold }) => whole && threshold! <= 1)) {
      lines.push(
        'Channels hold whole numbers from 0 on, and an excursion over several rows is one event: if they count spikes, leave --threshold out, and each spike is an event',
      );
    }
  }
  if (tally.trials > 1) lines.push(`${fullNumber(tally.trials)} trials`);
  if (tally.missing > 0) lines.push(`${fullNumber(tally.missing)} rows are missing and taken for gaps`);
  return lines.join('\n');
}

/** An exponent with its error, marked where it is poorly constrained. */
export function markedExponent(
  { jackknife, footing }: Pick<CracklingFit['analysis'], 'jackknife' | 'footing'>,
  name: ExponentName,
): string {
  const mark: Partial<Record<ExponentName, string | undefined>> = footing;
  return (
    withError(jackknife.estimate[name], jackknife.standardError[name]) + ((mark[name] ?? '') === '' ? '' : thinMark)
  );
}

function exponentsText({ analysis, goodness }: CracklingFit): string {
  const { relation, size, duration, scaling, collapse } = analysis;
  const measured = (name: ExponentName): string => markedExponent(analysis, name);
  const p = (value: number | undefined): string => (value === undefined ? '' : pText(value));
  const rows = [
    [
      'τ  size',
      measured('tau'),
      range(size.xmin, size.xmax),
      fullNumber(size.n_tail),
      size.ks.toPrecision(3),
      p(goodness.size?.pValue),
    ],
    [
      'α  duration',
      measured('alpha'),
      range(duration.xmin, duration.xmax),
      fullNumber(duration.n_tail),
      duration.ks.toPrecision(3),
      p(goodness.duration?.pValue),
    ],
    [
      scaling?.of === 'mean-ln' ? 'γ  mean ln size' : 'γ  mean size',
      measured('gammaScaling'),
      range(duration.xmin, duration.xmax),
      scaling === undefined ? '' : `${scaling.points} durations`,
      '',
      '',
    ],
    ...(collapse === undefined
      ? []
      : [
          [
            'γ  shape collapse',
            collapse.atEnd ? `none in the range searched` : measured('gammaCollapse'),
            range(collapse.profiles.duration[0]!, collapse.profiles.duration.at(-1)!),
            `${collapse.profiles.duration.length} durations`,
            '',
            '',
          ],
        ]),
    [
      'γ  predicted (α−1)/(τ−1)',
      withError(relation.predicted.estimate, relation.predicted.standardError),
      '',
      '',
      '',
      '',
    ],
    ['γ − γ predicted', withError(relation.mismatch.estimate, relation.mismatch.standardError), '', '', '', ''],
  ];
  const head = ['exponent', 'estimate', 'range', 'fitted', 'KS', 'p'];
  // Without a bootstrap nothing has a p.
  const some = rows.some((row) => row.at(-1) !== '') ? head.length : -1;
  return draw(
    head.slice(0, some),
    rows.map((row) => row.slice(0, some)),
    layout(),
  );
}

const symbols: Readonly<Record<string, string>> = {
  tau: 'τ  size',
  alpha: 'α  duration',
  gamma_scaling: 'γ  size against duration',
  gamma_collapse: 'γ  shape collapse',
  gamma_predicted: 'γ  predicted (α−1)/(τ−1)',
};

/** The trace's exponents beside those of its null models. */
function surrogatesText({ analysis, surrogates }: CracklingFit): string {
  if (surrogates.length === 0) return '';
  const value = (estimate: number | null | undefined, error: number | null | undefined): string =>
    withError(estimate ?? Number.NaN, error ?? Number.NaN);
  const rows = surrogates.flatMap(({ kind, analysis: found }) =>
    comparisons(analysis, found).map((row) => [
      symbols[row.exponent] ?? row.exponent,
      value(row.measured, row.measured_error),
      kind,
      value(row.null_model, row.null_model_error),
      row.verdict,
    ]),
  );
  const counts = surrogates.map(({ kind, tally }) => `${kind} ${fullNumber(tally.valid)}`);
  return [
    draw(['exponent', 'trace', 'surrogate', 'its value', 'verdict'], rows, layout()),
    '',
    `Avalanches of the surrogates: ${counts.join(', ')}. What survives in its surrogate, to within 0.1, says nothing about the dynamics.`,
  ].join('\n');
}

function universalityText({ analysis }: CracklingFit): string {
  const { universality, classSystematic: error, duration } = analysis;
  if (universality === undefined) return '';
  const undecided = undecidedOf(analysis);
  if (undecided !== '') return `Universality classes are not decided: ${undecided}.`;
  const rows = classRows({}, universality);
  const meanField = numberOf(rows.find((row) => row.class === 'mean_field') ?? {}, 'systematic_error');
  const shown = (row: Row, name: string, digits: number): string => plainNumber(numberOf(row, name), digits);
  const lines = classVerdict(rows).comparable.map((row) => [
    `${className(textOf(row, 'class'))}${textOf(row, 'basis') === 'indicative' ? ' *' : ''}`,
    ...['tau', 'alpha', 'gamma'].map((name) => shown(row, name, 4)),
    shown(row, 'chi_square', 3),
    pText(numberOf(row, 'p_value')),
  ]);
  const sentences = [
    `Not excluded at the 5 % level: ${classesInWords(rows)}.`,
    error > analysis.systematic
      ? `Errors are the statistical ones and ${plainNumber(error, 2)} for each exponent: from durations of ${cutoff(duration.xmin)} on a random walk's exponent comes out wrong by that.`
      : `Errors are the statistical ones and ${plainNumber(error)} for each exponent, from fit window and finite size (--systematic).`,
    meanField > error
      ? `For mean field it is ${plainNumber(meanField, 2)}: by that critical branching itself is off its limit over these durations.`
      : '',
    incomparableInWords(rows) === '' ? '' : sentence(incomparableInWords(rows)),
    '* exponents not yet checked against their source.',
  ].filter((line) => line !== '');
  const table = draw(['universality class', 'τ', 'α', 'γ', 'χ²', 'p'], lines, layout());
  return `${table}\n\n${sentences.join('\n')}`;
}

/** The whole crackling analysis for people. */
export function cracklingText(found: CracklingFit): string {
  const { analysis, goodness } = found;
  const meaning = (name: 'size' | 'duration'): string => {
    const text = meaningText(analysis[name], goodness[name]);
    return text === '' ? '' : `${name === 'size' ? 'Sizes' : 'Durations'}:\n${text.replace(/^/gm, '  ')}`;
  };
  return page([
    headText(found),
    noPowerLawInWords(analysis).join('\n'),
    exponentsText(found),
    cracklingSentences(found).join('\n'),
    meaning('size'),
    meaning('duration'),
    universalityText(found),
    surrogatesText(found),
  ]);
}

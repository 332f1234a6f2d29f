import { distributionRows, fitRowsOf } from '../crackling/tables.ts';
import { ParameterError } from '../error.ts';
import { type FitOptions, type FitReport, fitPowerLaw } from '../fit/fit-power-law.ts';
import { isGrouped, orderSample, type Sample } from '../fit/ordered-sample.ts';
import { fullNumber } from '../report/quantity.ts';
import type { Row } from '../schema/rows.ts';
import { drawFigure } from './figure-file.ts';
import { bootstrapped } from './fit-bootstrap.ts';
import type { FitFlags } from './fit-flags.ts';
import { type RowCounts, readRows } from './fit-rows.ts';
import type { FitSource } from './fit-source.ts';
import { alternativesText, fitText, meaningText, page } from './fit-text.ts';
import { type Held, holdValues } from './fit-values.ts';
import { jsonOf, writeRows } from './plain-rows.ts';

/** The ensemble that the rows were chosen from, for the `fit` table; 0 where there is none. */
export function ensembleOf({ where }: Pick<FitFlags, 'where'>): number {
  const asked = where.find(({ column, comparison }) => column === 'ensemble' && comparison === '=');
  const index = Number(asked?.value ?? 0);
  return Number.isInteger(index) ? index : 0;
}

function columnOf(source: FitSource, flags: FitFlags): string {
  if (flags.column !== undefined) return flags.column;
  const [only] = source.columns;
  if (source.columns.length === 1 && only !== undefined) return only;
  throw new ParameterError(`column must be given; the columns of ${source.name} are ${source.columns.join(', ')}`);
}

/** Ensembles are different experiments: several in one fit are refused. */
export function ensembleCheck(source: FitSource, flags: FitFlags): { names: string[]; check: (row: Row) => void } {
  const guarded = source.columns.includes('ensemble') && !flags.where.some(({ column }) => column === 'ensemble');
  const seen = new Set<number>();
  return {
    names: guarded ? ['ensemble'] : [],
    check({ ensemble }) {
      if (ensemble === undefined) return;
      for (const index of ensemble as Float64Array) if (!seen.has(index)) seen.add(index);
      if (seen.size < 2) return;
      const [a, b] = [...seen].sort((x, y) => x - y);
      throw new ParameterError(
        `${source.name} holds several ensembles, at least ${a} and ${b}: choose one with --where ensemble=${a}`,
      );
    },
  };
}

async function readColumn(source: FitSource, column: string, flags: FitFlags) {
  const holder = holdValues({
    column,
    most: flags.exact === true ? Infinity : flags.rawLimit,
    discrete: flags.discrete,
    skipMissing: flags.skipMissing === true,
  });
  const counts: RowCounts = { read: 0, kept: 0, censored: 0 };
  const { names, check } = ensembleCheck(source, flags);
  for await (const { columns } of readRows(source, [column, ...names], { where: flags.where }, counts)) {
    if (names.length > 0) check(columns);
    holder.add(columns[column]!);
  }
  if (counts.read > 0 && counts.kept === 0 && flags.where.length > 0) {
    throw new ParameterError(`where: none of the ${counts.read} rows of ${source.name} holds the conditions`);
  }
  return { held: holder.finish(), counts };
}

function heldInWords(held: Held, counts: RowCounts, flags: FitFlags): string {
  const kind = held.discrete ? 'discrete' : 'continuous';
  const why =
    flags.discrete !== undefined ? 'as said' : held.discrete ? 'every value is an integer' : 'not all are integers';
  const form =
    held.form === 'raw' ? 'held as they are' : 'held in a fine histogram (groups of relative width 1/256 or less)';
  const left = [
    counts.kept + counts.censored < counts.read ? `${fullNumber(counts.read)} rows in the table` : '',
    counts.censored > 0 ? `${fullNumber(counts.censored)} censored ones left out` : '',
    held.missing > 0 ? `${fullNumber(held.missing)} missing ones left out` : '',
    held.nonPositive > 0 ? `${fullNumber(held.nonPositive)} not positive, left out` : '',
  ].filter((part) => part !== '');
  return [`${fullNumber(held.n)} values, ${kind} (${why}), ${form}`, ...left].join('; ');
}

/** Figure of a fit: density in adaptive bins and survival function. */
async function drawFit(path: string, column: string, held: Held, report: FitReport): Promise<void> {
  const { fitFigure } = await import('../report/fit-figure.ts');
  const ordered = orderSample(held.sample, isGrouped(held.sample) ? undefined : held.discrete);
  const n = ordered.countFrom[0]!;
  const least = Math.max(1, Math.min(100, Math.floor(n / 200)));
  const figure = fitFigure(
    {
      histogram: distributionRows({ ensemble: 0 }, column, held.sample, least, held.discrete),
      ccdf: Array.from(ordered.position, (value, j) => ({ value, ccdf: ordered.countFrom[j]! / n })),
      fit: fitRowsOf({ ensemble: 0 }, column, report, report.standard_error),
    },
    { observable: column, discrete: held.discrete },
  );
  await drawFigure(figure, path);
}

/** Fits one column of a table: prints what came out, and draws and writes it where asked. */
export async function fitColumn(source: FitSource, flags: FitFlags): Promise<void> {
  const column = columnOf(source, flags);
  const { held, counts } = await readColumn(source, column, flags);
  const options: FitOptions = {
    xmin: flags.xmin ?? 'auto',
    xmax: flags.xmax ?? null,
    window: { leastRatio: 10 ** flags.decades },
    ...(flags.candidates === undefined ? {} : { candidates: flags.candidates }),
    ...(isGrouped(held.sample) ? {} : { discrete: held.discrete }),
  };
  const sample: Sample = held.sample;
  const fit = fitPowerLaw(sample, { ...options, alternatives: flags.alternatives });
  const goodness = await bootstrapped(sample, options, flags, column);
  const report: FitReport = { ...fit, n_excluded: held.nonPositive, p_value: goodness?.pValue ?? null };

  if (flags.figure !== undefined) await drawFit(flags.figure, column, held, report);
  if (flags.out !== undefined) {
    const point = { ensemble: ensembleOf(flags), width: null, weight_variance: null, bias_variance: null };
    await writeRows(flags.out, 'fit', fitRowsOf(point, column, report, report.standard_error));
  }
  if (flags.json === true) {
    const { discrete, ...rest } = report;
    const more = {
      file: source.name,
      column,
      where: flags.where.map(({ column, comparison, value }) => `${column}${comparison}${value}`),
      discrete,
      discrete_given: flags.discrete !== undefined,
      form: held.form,
      n_missing: held.missing,
      n_censored: counts.censored,
      xmin_found: options.xmin === 'auto',
      xmax_found: options.xmax === 'auto',
      bootstrap:
        goodness === undefined
          ? null
          : { repetitions: goodness.repetitions, seed: flags.seed, p_value_error: goodness.standardError },
    };
    process.stdout.write(`${jsonOf({ ...rest, ...more })}\n`);
    return;
  }
  process.stdout.write(
    page([
      `${column} of ${source.name}\n${heldInWords(held, counts, flags)}`,
      fitText(report, { xmin: options.xmin!, xmax: options.xmax! }, goodness),
      alternativesText(report),
      meaningText(report, goodness),
    ]),
  );
}

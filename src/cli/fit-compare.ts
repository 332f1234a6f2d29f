import { ParameterError } from '../error.ts';
import type { Sampled } from '../recording/compare.ts';
import type { CracklingFit } from '../recording/crackling.ts';
import type { FitRun } from '../recording/parameters.ts';
import type { DataSource } from '../recording/source.ts';
import { deliver } from './deliver.ts';
import { drawFigure } from './figure-file.ts';
import { withProgress } from './fit-bootstrap.ts';
import { jsonOf } from './plain-rows.ts';

/** Flags of a fit, or a comparison, that are no parameters of it: how it is run, and what becomes of it. */
export interface OutcomeFlags {
  readonly seed: number;
  readonly workers?: number;
  readonly progress: string;
  readonly figure?: string;
  readonly json?: boolean;
  readonly out?: string;
}

/** The two samples that were asked for: two tables, or what a column parts one in. */
export async function samplesOf(
  source: DataSource,
  other: DataSource | undefined,
  by: string | undefined,
  where: unknown,
): Promise<readonly [Sampled, Sampled]> {
  if (other !== undefined) return [{ source }, { source: other }];
  const { samplesBy } = await import('../recording/compare.ts');
  return await samplesBy(source, by!, where as string[] | undefined);
}

function refuse(name: string, given: unknown, why: string): void {
  if (given !== undefined) throw new ParameterError(`${name} doesn't go together with --against and --by: ${why}`);
}

/** Compares one column of two samples. */
export async function compareColumn(
  samples: readonly [Sampled, Sampled],
  flags: OutcomeFlags,
  given: Record<string, unknown>,
): Promise<void> {
  refuse('out', flags.out, 'there is no table of a comparison, see --json');
  const { compareColumns } = await import('../recording/compare.ts');
  const found = await compareColumns(samples, given, { seed: flags.seed });
  const { column, names, report, values, step, counts, blockBy } = found;
  const figure = async (): Promise<void> => {
    const { comparisonFigure } = await import('../report/comparison-figure.ts');
    const drawn = report.samples.map(({ exponent, standard_error: error }, s) => ({
      name: names[s]!,
      values: values[s]!,
      exponent,
      error,
    }));
    const { discrete, xmin, xmax } = report;
    await drawFigure(comparisonFigure(drawn, { column, discrete, step, xmin, xmax }), flags.figure!);
  };
  const { comparisonSentences, comparisonText, isFound } = await import('./fit-compare-text.ts');
  const text =
    flags.json === true
      ? `${jsonOf({
          column,
          ...report,
          samples: report.samples.map((sample, s) => ({
            name: names[s],
            n_censored: counts[s]!.censored,
            ...sample,
            ...found.tails[s]!,
          })),
          step: report.discrete ? step : null,
          block_by: blockBy ?? null,
          cutoffs_found: isFound(found),
          seed: flags.seed,
          sentences: comparisonSentences(found),
        })}\n`
      : comparisonText(found);
  await deliver(text, ...(flags.figure === undefined ? [] : [figure]));
}

/** Compares the exponents of avalanches of two samples. */
export async function compareAvalanches(
  samples: readonly [Sampled, Sampled],
  flags: OutcomeFlags,
  given: Record<string, unknown>,
  measure: (source: DataSource, options: object, run: FitRun) => Promise<CracklingFit>,
): Promise<void> {
  refuse('figure', flags.figure, 'of avalanches there is a table of exponents only');
  refuse('out', flags.out, 'there is no table of a comparison, see --json');
  const { compareExponents, namesOf } = await import('../recording/compare.ts');
  const fits: CracklingFit[] = [];
  for (const { source, where = [] } of samples) {
    const options = { ...given, where: [...((given.where as string[] | undefined) ?? []), ...where] };
    fits.push(await withProgress(flags.progress, flags, (run) => measure(source, options, run)));
  }
  const both = fits as [CracklingFit, CracklingFit];
  const names = namesOf(samples);
  const { exponentComparisonText } = await import('./fit-compare-text.ts');
  const { sameDataInWords } = await import('../recording/same-data.ts');
  const same = sameDataInWords(samples);
  const { cracklingJson } = await import('./fit-json.ts');
  const text =
    flags.json === true
      ? `${jsonOf({ names, exponents: compareExponents(...both), samples: both.map(cracklingJson), sentences: same === undefined ? [] : [same] })}\n`
      : exponentComparisonText(both, names, same);
  await deliver(text);
}

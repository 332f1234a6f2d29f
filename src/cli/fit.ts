import { resolve } from 'node:path';
import { Command } from 'commander';
import { ParameterError } from '../error.ts';
import { flagName } from '../parameter.ts';
import type { ColumnFit } from '../recording/column.ts';
import type { Sampled } from '../recording/compare.ts';
import type { CracklingFit } from '../recording/crackling.ts';
import type { ScannedOver } from '../recording/scan.ts';
import type { DataSource } from '../recording/source.ts';
import type { Figure } from '../report/figure.ts';
import type { Row } from '../schema/rows.ts';
import type { TextOptions } from '../store/read/dialect.ts';
import { deliver } from './deliver.ts';
import { checkFigurePath, drawFigure } from './figure-file.ts';
import { withProgress } from './fit-bootstrap.ts';
import { compareAvalanches, compareColumn, type OutcomeFlags, samplesOf } from './fit-compare.ts';
import { checkFlags, type FitKind } from './fit-flags.ts';
import { addFitOptions, fitExamples, givenParameters } from './fit-options.ts';
import { checkTablePath, checkWritable, jsonOf, writeRows } from './plain-rows.ts';

/** Flags that are no parameters of a fit. */
interface FitFlags extends OutcomeFlags, TextOptions {
  readonly trace?: string | true;
  readonly units?: boolean;
  readonly series?: string;
  readonly against?: string;
  readonly by?: string;
  readonly shapes?: string;
}

/** The `fit` command: power laws in any data, and the crackling analysis of avalanches and recorded traces. */
export function fitCommand(): Command {
  const command = new Command('fit')
    .description('fit power laws to a column, or measure the avalanches of a table or a recorded trace')
    .usage('[files|run folder|-] [options]')
    .argument(
      '[files...]',
      'Parquet, Arrow IPC, delimited text, JSON, .npy or HDF5 file (.gz, .zst), run folder, the address of one in a bucket (s3://…), or - for standard input; several files are one table',
    );
  addFitOptions(command);
  return command.addHelpText('after', fitExamples).action(async (files: string[], flags: FitFlags) => {
    if (flags.out !== undefined) checkTablePath('out', flags.out);
    if (flags.figure !== undefined) checkFigurePath(flags.figure);
    if (flags.shapes !== undefined) checkTablePath('shapes', flags.shapes);
    for (const path of [flags.out, flags.shapes, flags.figure]) if (path !== undefined) await checkWritable(path);
    await fitFiles(files, flags, givenParameters(command));
  });
}

async function fitFiles(files: readonly string[], flags: FitFlags, given: Record<string, unknown>): Promise<void> {
  const traceFile = typeof flags.trace === 'string' ? flags.trace : undefined;
  if (files.length > 0 && traceFile !== undefined) {
    throw new ParameterError(`one table is fitted at a time, got ${files.join(', ')} and ${traceFile}`);
  }
  const paths = traceFile === undefined ? files : [traceFile];
  if (paths.length === 0) throw new ParameterError('a file, a run folder or - for standard input must be given');
  const twice = paths.find((path, i) => paths.slice(0, i).some((other) => resolve(other) === resolve(path)));
  if (twice !== undefined)
    throw new ParameterError(`${twice} is given twice: what is in it would count as two samples`);
  const source = await openAll(paths, flags);
  for (const note of source.notes ?? []) process.stderr.write(`${note}\n`);
  const nwb = flags.units === true || flags.series !== undefined;
  const kind: FitKind =
    flags.trace !== undefined || nwb
      ? 'trace'
      : given.avalanches !== undefined || (source.isRun && given.column === undefined)
        ? 'avalanches'
        : 'column';
  const compared = flags.against !== undefined || flags.by !== undefined;
  const other = flags.against === undefined ? undefined : await openAll([flags.against], flags);
  try {
    checkFlags(given, compared && kind === 'column' ? 'comparison' : kind);
    if (flags.shapes !== undefined && (kind !== 'trace' || compared || given.scan !== undefined)) {
      throw new ParameterError(
        kind === 'trace'
          ? "shapes doesn't go together with --scan, --against and --by"
          : 'shapes are those of avalanches in a trace: give --trace',
      );
    }
    if (compared) {
      if (given.scan !== undefined) throw new ParameterError("scan doesn't go together with --against and --by");
      const asked = nwb ? { ...nwbDefaults(source, flags, given), ...given } : given;
      await compare(await samplesOf(source, other, flags.by, given.where), flags, asked, kind);
    } else if (kind === 'column') await column(source, flags, given);
    else {
      const asked = nwb ? { ...nwbDefaults(source, flags, given), ...given } : given;
      if (given.scan === undefined) await crackling(source, flags, asked, kind);
      else await scan(source, flags, asked);
    }
  } catch (error) {
    throw withFlag(error, kind);
  } finally {
    await other?.close();
    await source.close();
  }
}

/** What the parts of an NWB file are measured with where nothing else is said. */
function nwbDefaults(source: DataSource, flags: FitFlags, given: Record<string, unknown>): Record<string, unknown> {
  if (flags.units === true) return { column: 'time', timeBin: 'mean' };
  const one = given.channels === undefined && source.columns.includes('data');
  return { trial: 'segment', ...(one ? { column: 'data' } : {}) };
}

async function openAll(paths: readonly string[], flags: FitFlags): Promise<DataSource> {
  const { joinedSource, openNwb, openSource } = await import('../recording/source.ts');
  const part = flags.units === true ? 'units' : flags.series === undefined ? undefined : { series: flags.series };
  const open = (path: string): Promise<DataSource> => {
    if (part === undefined) return openSource(path === '-' ? process.stdin : path, flags);
    if (path === '-') throw new ParameterError('an NWB file is read by its path: give a file');
    return openNwb(path, part);
  };
  const opened: DataSource[] = [];
  try {
    for (const path of paths) opened.push(await open(path));
  } catch (error) {
    for (const source of opened) await source.close();
    throw error;
  }
  return joinedSource(opened);
}

async function column(source: DataSource, flags: FitFlags, given: Record<string, unknown>): Promise<void> {
  const { fitColumn } = await import('../recording/column.ts');
  const { columnTables, stepTables } = await import('../recording/tables.ts');
  const fit = await withProgress(flags.progress, flags, (run) => fitColumn(source, given, run));
  const { columnJson } = await import('./fit-json.ts');
  const { columnText } = await import('./fit-text.ts');
  const text = flags.json === true ? `${jsonOf(columnJson(fit, flags.seed))}\n` : columnText(fit);
  const figure = async (): Promise<Figure> => {
    const { fitFigure } = await import('../report/fit-figure.ts');
    const { discrete, step } = fit.held;
    // A column without a name of its own goes by its position.
    const name = /^\d*$/.test(fit.column.trim()) ? 'value' : fit.column;
    const observable = step === 1 ? name : `${name} / ${step}`;
    const tables = stepTables(fit);
    return fitFigure(tables, { observable, discrete, ...shareOf(fit, tables.ccdf) });
  };
  await deliver(text, ...filesOf(flags, 'fit', () => columnTables(fit).fit, figure));
}

async function compare(
  samples: readonly [Sampled, Sampled],
  flags: FitFlags,
  given: Record<string, unknown>,
  kind: FitKind,
): Promise<void> {
  if (kind === 'column') return await compareColumn(samples, flags, given);
  const { fitAvalanches, fitTrace } = await import('../recording/crackling.ts');
  await compareAvalanches(samples, flags, given, kind === 'trace' ? fitTrace : fitAvalanches);
}

/** Where values are censored: the share of all that lie between the cutoffs. */
function shareOf({ stepReport: { censored, xmin } }: ColumnFit, ccdf: readonly Row[]): { share?: number } {
  if (censored === undefined) return {};
  const from = ccdf.find(({ value }) => (value as number) >= xmin);
  return { share: (from?.ccdf as number) * (1 - censored.share_beyond) };
}

async function crackling(
  source: DataSource,
  flags: FitFlags,
  given: Record<string, unknown>,
  kind: 'trace' | 'avalanches',
): Promise<void> {
  const { fitAvalanches, fitTrace } = await import('../recording/crackling.ts');
  const { cracklingTables } = await import('../recording/tables.ts');
  const measure = kind === 'trace' ? fitTrace : fitAvalanches;
  const found = await withProgress<CracklingFit>(flags.progress, flags, (run) => measure(source, given, run));
  const { cracklingJson } = await import('./fit-json.ts');
  const { cracklingText } = await import('./fit-crackling-text.ts');
  const text = flags.json === true ? `${jsonOf(cracklingJson(found))}\n` : cracklingText(found);
  const figure = async (): Promise<Figure> => {
    const { cracklingFigure } = await import('../report/crackling-figure.ts');
    return cracklingFigure(cracklingTables(found));
  };
  const { shapes } = flags;
  await deliver(
    text,
    ...filesOf(flags, 'fit', () => cracklingTables(found).fit, figure),
    ...(shapes === undefined ? [] : [() => writeRows(shapes, 'collapse', cracklingTables(found).collapse)]),
  );
}

async function scan(
  source: DataSource,
  flags: FitFlags,
  { scan: over, scanAt, ...given }: Record<string, unknown>,
): Promise<void> {
  const { scanTrace } = await import('../recording/scan.ts');
  const at = scanAt as Parameters<typeof scanTrace>[3];
  const found = await withProgress(flags.progress, flags, (run) =>
    scanTrace(source, over as ScannedOver, given, at, run),
  );
  const { scanText } = await import('./fit-scan-text.ts');
  const { source: file, ...rest } = found;
  const text = flags.json === true ? `${jsonOf({ file, ...rest })}\n` : scanText(found);
  const figure = async (): Promise<Figure> => {
    const { scanFigure } = await import('../report/scan-figure.ts');
    return scanFigure(found.rows, found.column, given);
  };
  await deliver(text, ...filesOf(flags, 'scan', () => found.rows, figure));
}

/** What writes the files that were asked for: rows of a table, and a figure. */
function filesOf(
  { out, figure }: FitFlags,
  table: string,
  rows: () => readonly Row[],
  drawn: () => Promise<Figure>,
): (() => Promise<void>)[] {
  return [
    ...(out === undefined ? [] : [() => writeRows(out, table, rows())]),
    ...(figure === undefined ? [] : [async () => drawFigure(await drawn(), figure)]),
  ];
}

/** The error with the flag that would help, where there is one. */
function withFlag(error: unknown, kind: FitKind): unknown {
  if (!(error instanceof ParameterError) || error.remedy === undefined) return error;
  const { option, value } = error.remedy;
  const means: Record<string, string> = {
    skipMissing: kind === 'trace' ? 'takes such rows for gaps' : 'leaves such rows out',
    above: 'puts rows at the threshold outside',
    discrete: 'or --continuous says which',
  };
  const hint = [`--${flagName(option)}`, value, means[option]].filter((part) => part !== undefined).join(' ');
  return new ParameterError(`${error.message} (${hint})`, { cause: error });
}

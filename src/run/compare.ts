import { basename, dirname, join, resolve } from 'node:path';
import { ParameterError } from '../error.ts';
import { blamed } from '../flow/blame.ts';
import { flagName } from '../parameter.ts';
import type { Pipeline, Tables } from '../pipeline.ts';
import type { Figure } from '../report/figure.ts';
import type { Summary } from '../report/summary.ts';
import { commandOf } from './provenance.ts';
import { shownOf } from './publish.ts';
import { type ReadRun, readRun } from './read-run.ts';

type Rows = Record<string, unknown>[];

interface Labelled extends ReadRun {
  readonly label: string;
}

/** The shortest ends of paths that tell all folders apart. */
export function folderLabels(folders: readonly string[]): string[] {
  const paths = folders.map((folder) => resolve(folder));
  for (let parts = 1; parts < 16; parts++) {
    const labels = paths.map((path) => {
      let [label, rest] = [basename(path), dirname(path)];
      for (let i = 1; i < parts; i++) [label, rest] = [join(basename(rest), label), dirname(rest)];
      return label;
    });
    if (new Set(labels).size === labels.length) return labels;
  }
  return paths;
}

const ensembleColumns = ['ensemble', 'surrogate_ensemble'];

/** Tables of all runs as those of one: ensembles are numbered on, and rows say which run they are of. */
export function joined(runs: readonly Pick<Labelled, 'label' | 'tables'>[]): Record<string, Rows> {
  const tables: Record<string, Rows> = {};
  let offset = 0;
  for (const { label, tables: own } of runs) {
    const shift = (row: Record<string, unknown>): Record<string, unknown> => {
      const moved = ensembleColumns.flatMap((column) =>
        typeof row[column] === 'number' ? [[column, (row[column] as number) + offset]] : [],
      );
      return { ...row, ...Object.fromEntries(moved), run: label };
    };
    // What is of no ensemble (extrapolations) can't be told apart between runs.
    const kept = (row: Record<string, unknown>): boolean => typeof row.ensemble === 'number' && row.ensemble >= 0;
    for (const [table, rows] of Object.entries(own)) {
      tables[table] = [...(tables[table] ?? []), ...rows.filter(kept).map(shift)];
    }
    let last = -1;
    for (const rows of Object.values(own)) for (const row of rows) last = Math.max(last, Number(row.ensemble ?? -1));
    offset += last + 1;
  }
  return Object.fromEntries(Object.entries(tables).filter(([, rows]) => rows.length > 0));
}

const text = (value: unknown): string =>
  value === null ? 'auto' : Array.isArray(value) ? value.map(text).join(', ') : String(value ?? 'none');

/** What sets the runs apart: pipeline, parameters, seed, versions, counts. */
function differences(runs: readonly Labelled[]): Summary {
  const rows = new Map<string, string[]>();
  const put = (name: string, of: (run: Labelled) => unknown): void => {
    const values = runs.map((run) => text(of(run)));
    if (new Set(values).size > 1) rows.set(name, values);
  };
  put('pipeline', ({ manifest }) => manifest.pipeline);
  put('status', ({ manifest }) => manifest.status);
  put('seed', ({ manifest }) => manifest.merged?.map(({ seed }) => seed) ?? manifest.seed);
  const names = new Set(runs.flatMap(({ composed }) => Object.keys(composed.values)));
  for (const name of names) put(flagName(name), ({ composed }) => composed.values[name]);
  put('crackle', ({ manifest }) => manifest.crackle);
  put('kernels', ({ manifest }) => manifest.kernel);
  put('machine', ({ manifest }) => manifest.cpu);
  return {
    id: 'differences',
    title: 'What sets the runs apart',
    caption: 'Parameters and surroundings that are not the same in all of them.',
    head: ['', ...runs.map(({ label }) => label)],
    rows: [...rows].map(([name, values]) => [name, ...values]),
    findings:
      rows.size === 0
        ? [{ sentence: 'The runs have the same parameters, seed and version: they hold the same data.' }]
        : [],
  };
}

/** Summaries and figures of several runs: of crackling analyses over each other, of others beside each other. */
function shownTogether(runs: readonly Labelled[]): { tables: Tables; summaries: Summary[]; figures: Figure[] } {
  const [first] = runs;
  if (runs.every(({ tables }) => (tables.exponents ?? []).length > 0)) {
    const tables = joined(runs) as Tables;
    const { pipeline, composition } = first!.composed;
    const shown = blamed(pipeline, () => shownOf(composition, tables));
    return { tables, summaries: [...shown.summaries], figures: shown.figures.filter(({ empty }) => empty !== true) };
  }
  const each = runs.map((run, i) => {
    const { pipeline, composition } = run.composed;
    const shown = blamed(pipeline, () => shownOf(composition, run.tables));
    const own = <T extends { readonly title: string }>(one: T): T => ({ ...one, title: `${one.title}, ${run.label}` });
    return {
      summaries: shown.summaries.map((one) => ({
        ...own(one),
        id: `${one.id}-${i + 1}`,
        findings: (one.findings ?? []).map((each) => ({ ...each, sentence: `${run.label}: ${each.sentence}` })),
      })),
      figures: shown.figures.map((one) => ({ ...own(one), name: `${one.name}-${i + 1}` })),
    };
  });
  // The same figure of all runs together.
  const most = Math.max(...each.map(({ figures }) => figures.length));
  const figures = Array.from({ length: most }, (_, f) => each.flatMap((one) => one.figures.slice(f, f + 1))).flat();
  return { tables: {}, summaries: each.flatMap(({ summaries }) => summaries), figures };
}

/**
 * One page that compares runs: what sets them apart, what each found, their figures over or beside each other.
 * @param named the user's own pipeline that runs are of, where they aren't of built-in ones
 * @returns the page
 * @throws ParameterError for fewer than two runs
 */
export async function compareRuns(folders: readonly string[], named?: string | Pipeline): Promise<string> {
  if (folders.length < 2) throw new ParameterError(`a comparison needs two runs or more, got ${folders.length}`);
  const labels = folderLabels(folders);
  const runs: Labelled[] = [];
  for (const [i, folder] of folders.entries()) {
    runs.push({ ...(await readRun(folder, named)), label: labels[i]! });
  }
  const { summaries, ...shown } = shownTogether(runs);
  const { reportHtml } = await import('../report/page.ts');
  const pipelines = [...new Set(runs.map(({ manifest }) => manifest.pipeline))];
  return reportHtml({
    title: `${runs.length} runs compared`,
    doc: `Runs ${labels.join(', ')} of ${pipelines.join(', ')}.`,
    parameters: {},
    ...shown,
    summaries: [differences(runs), ...summaries],
    notes: runs
      .filter(({ manifest }) => manifest.status !== 'complete')
      .map(({ label }) => `${label} is partial: it was interrupted, and its tables hold what there was then.`),
    provenance: {
      command: runs
        .map(({ composed, manifest }) => commandOf(composed.pipeline, manifest.parameters, manifest))
        .join('\n'),
      facts: runs.map(({ label, manifest }) => [
        label,
        `${manifest.started.slice(0, 19).replace('T', ' ')} UTC, crackle ${manifest.crackle}`,
      ]),
    },
    files: false,
  });
}

import { type Command, Option } from 'commander';
import { flagName, type ParameterSpec, type ParameterSpecs, parseParameter } from '../parameter.ts';
import {
  avalancheParameters,
  columnParameters,
  comparisonParameters,
  scanParameters,
  traceParameters,
} from '../recording/parameters.ts';
import { addSeedOption, addThreadOptions } from './general-options.ts';
import { shownDefault } from './parameter-options.ts';
import { addTextOptions } from './text-options.ts';

/** What `crackle fit --help` says at its end. */
export const fitExamples: string = `
What is fitted:
  crackle fit sizes.csv --column size
      one column of Parquet, Arrow IPC, text, JSON, .npy, HDF5
  crackle fit links.csv --column links --count-column pages
      values and how often each of them is there
  crackle fit lives.csv --column duration --censored unfinished
      values some of which are lower bounds: they were under way at the end
  crackle fit - --column size < sizes.arrows
      the same from standard input
  crackle fit lab.mat --column group/sizes
      a dataset of HDF5 or MATLAB 7.3 by its path
  crackle fit spikes.csv --avalanches size,duration
      sizes and durations of avalanches: exponents and the crackling relation
  crackle fit a.csv --column size --against b.csv
      are two exponents different, two samples of one law (--by: of one table)
  crackle fit output/run --where ensemble=0
      the recorded avalanches of a run
  crackle fit --trace lfp.parquet --column signal --threshold quantile:0.5
      a recorded trace: avalanches first, then all of it with shapes
  crackle fit --trace spikes.csv --column time --time-bin 0.004
      times of events in any order, counted in bins (--trial: anew in each)
  crackle fit --trace lfp.csv --column ch1 --scan threshold --figure scan.svg
      exponents at several thresholds (--scan time-bin: widths of time bins)
  crackle fit --trace lfp.csv --channels ch1,ch2 --threshold -3sd --below
      negative peaks of several channels (--time-bin 4: in bins of 4 rows)
  crackle fit session.nwb --units --time-bin 0.004
      spikes of an NWB file (--where unit=7: of one unit)
  crackle fit session.nwb --series acquisition/lfp --column data:1
      a time series of an NWB file, in the unit that the file states

Values are taken for discrete where every one is an integer, or a multiple of
one step; --discrete and --continuous say so. Zero and negative values belong to
no power law: they are left out and counted. Rows with a column 'censored' that
is true are skipped unless --where mentions it, or --censored names it.
Beyond 2 million values the column is kept in a fine histogram, in flat memory:
exponents at its group edges are exact, between them cutoffs move by less than
0.4 %. --exact keeps every value.
A column is fitted without an upper cutoff unless --xmax or --window is given;
avalanches have both cutoffs found, of durations and the sizes that go with
them. In a trace an avalanche is a maximal run of rows at or above the threshold
(--below: at or below), and its size the sum of the excess over it; runs that
touch a gap or an end of the trace are left out.
Keys of --json: exponent, standard_error (cutoffs taken for known; found anew:
error_with_cutoffs, from --bootstrap), xmin, xmax, n_tail, ks, log_likelihood,
p_value, alternatives [{ name, ratio, p_value, … }] and more; of
avalanches: size and duration (each with these keys), exponents, scaling,
collapse, branching, universality.`;

/** Every option that data are fitted with. */
const fitParameters: ParameterSpecs = {
  ...columnParameters,
  ...traceParameters,
  ...scanParameters,
  ...avalancheParameters,
  permutations: comparisonParameters.permutations,
};

function groupOf(name: string): string | undefined {
  if (Object.hasOwn(scanParameters, name)) return 'Recorded traces:';
  if (name === 'permutations') return 'Two samples:';
  const [column, trace, avalanches] = [columnParameters, traceParameters, avalancheParameters].map((of) =>
    Object.hasOwn(of, name),
  );
  if (column) return trace ? undefined : 'One column:';
  return trace && !avalanches ? 'Recorded traces:' : 'Avalanches (--trace, --avalanches, run folders):';
}

/** A flag of its own for true (or for false, where true is the default), so that it never takes the next word for its value. */
function optionOf(name: string, spec: ParameterSpec): Option {
  const flag = flagName(name);
  if (spec.bare !== undefined) {
    return spec.default === true ? new Option(`--no-${flag}`, `no ${spec.doc}`) : new Option(`--${flag}`, spec.doc);
  }
  const { default: fallback } = spec;
  const none = fallback === null && spec.placeholder.includes('none');
  const shown = Array.isArray(fallback) || fallback === undefined ? '' : none ? 'none' : shownDefault(fallback);
  return new Option(
    `--${flag} <${spec.placeholder}>`,
    shown === '' ? spec.doc : `${spec.doc} (default: ${shown})`,
    // In a box of its own: commander takes null for a flag without a value.
  ).argParser((word: string, before: { value: unknown } | undefined) => {
    const value = parseParameter(name, spec, word);
    return { value: name === 'where' ? [...((before?.value ?? []) as string[]), ...(value as string[])] : value };
  });
}

/** The flags of `crackle fit`: those of its parameters, and those that say what becomes of the fit. */
export function addFitOptions(command: Command): void {
  for (const [name, spec] of Object.entries(fitParameters)) {
    const option = optionOf(name, spec);
    const group = groupOf(name);
    if (group !== undefined) option.helpGroup(group);
    command.addOption(name === 'discrete' ? option.conflicts('continuous') : option);
  }
  command
    .option('--continuous', 'values (or sizes) are real numbers, even if all are integers')
    .addOption(new Option('--trace [file]', 'find avalanches in a recorded trace').helpGroup('Recorded traces:'))
    .addOption(
      new Option('--units', 'of an NWB file: the spike times of all units (columns time, unit), in time bins')
        .conflicts('series')
        .helpGroup('Recorded traces:'),
    )
    .addOption(
      new Option(
        '--series <path>',
        'of an NWB file: a TimeSeries by its path (columns data, or data:1 …; time; segment, the default trial)',
      ).helpGroup('Recorded traces:'),
    )
    .addOption(
      new Option('--against <file>', 'compare with the same of another table: are the exponents different?')
        .conflicts('by')
        .helpGroup('Two samples:'),
    )
    .addOption(
      new Option(
        '--by <column>',
        'compare the rows in which this column has one of its two values with the others',
      ).helpGroup('Two samples:'),
    )
    .option('--json', 'as JSON; what is not defined is null, infinities are texts')
    .option('--out <file>', 'write the fit table to a .parquet, .csv or .json file')
    .addOption(
      new Option(
        '--shapes <file>',
        'write the shapes of the collapse (table collapse) to a .parquet, .csv or .json file',
      ).helpGroup('Recorded traces:'),
    )
    .option('--figure <file>', 'draw the fit to a .svg or .png file');
  addTextOptions(command);
  addSeedOption(command);
  addThreadOptions(command);
}

/** The parameters whose flags were given, read but not yet checked. */
export function givenParameters(command: Command): Record<string, unknown> {
  const given: Record<string, unknown> = {};
  for (const option of command.options) {
    const name = option.attributeName();
    if (command.getOptionValueSource(name) !== 'cli') continue;
    if (Object.hasOwn(fitParameters, name)) {
      const value = command.getOptionValue(name) as boolean | { value: unknown };
      given[name] = typeof value === 'boolean' ? value : value.value;
    } else if (name === 'continuous') given.discrete = false;
  }
  return given;
}

import { type Command, Option } from 'commander';
import {
  lowerCutoff,
  parseAvalanches,
  parseCandidates,
  parseThreshold,
  parseTimeBin,
  positiveInteger,
  positiveNumber,
  upperCutoff,
} from './fit-flags.ts';
import { type Condition, parseCondition } from './fit-rows.ts';
import { addSeedOption } from './general-options.ts';

/** What `crackle fit --help` says at its end. */
export const fitExamples: string = `
What is fitted:
  crackle fit sizes.csv --column size                    one column of Parquet, Arrow IPC or delimited text
  crackle fit - --column size < sizes.arrows             the same from standard input
  crackle fit spikes.csv --avalanches size,duration      sizes and durations of avalanches: exponents and the crackling relation
  crackle fit output/run --where ensemble=0              the recorded avalanches of a run
  crackle fit --trace lfp.parquet --column signal --threshold quantile:0.5
                                                         a recorded trace: avalanches first, then all of it with shapes
  crackle fit --trace spikes.csv --column time --time-bin 0.004
                                                         times of events, counted in bins of time

Values are taken for discrete where every one is an integer; --discrete and --continuous say so. Zero and negative values belong to no power law:
they are left out and counted. Rows with a column 'censored' that is true are left out unless --where speaks of it.
Beyond 2 million values the column is kept in a fine histogram, in flat memory: exponents at its group edges are exact, between them
cutoffs move by less than 0.4 %. --exact keeps every value.
A column is fitted without an upper cutoff unless --xmax is given; avalanches have both cutoffs found. In a trace an avalanche is a maximal run of
rows at or above the threshold; runs that touch a gap or an end of the trace are left out.
Keys of --json: exponent, standard_error, xmin, xmax, n_tail, ks, log_likelihood, p_value, alternatives [{ name, ratio, p_value, … }] and more;
of avalanches: size and duration (each with these keys), exponents, scaling, collapse, branching, universality.`;

/** The flags of `crackle fit`. */
export function addFitOptions(command: Command): void {
  const column = 'One column:';
  const trace = 'Recorded traces:';
  const crackling = 'Avalanches (--trace, --avalanches, run folders):';
  const add = (group: string, flags: string, doc: string, parse?: (word: string) => unknown, fallback?: unknown) => {
    const option = new Option(flags, doc).helpGroup(group);
    if (parse !== undefined) option.argParser(parse);
    if (fallback !== undefined) option.default(fallback, fallback === null ? 'none' : undefined);
    command.addOption(option);
  };
  command
    .option('--column <name>', 'column to fit, or of the trace')
    .addOption(
      new Option('--where <condition>', 'only rows like column=value (also !=, <, <=, >, >=); can be repeated')
        .argParser(parseCondition as (word: string, before: Condition[]) => Condition[])
        .default([], 'all rows'),
    )
    .addOption(new Option('--discrete', 'values (or sizes) are integers').conflicts('continuous'))
    .option('--continuous', 'values (or sizes) are real numbers, even if all are integers')
    .option('--skip-missing', 'leave out missing, NaN and infinite values; in a trace they are gaps')
    .option(
      '--bootstrap <n>',
      'goodness of fit from n synthetic samples (1000: p to ±0.015)',
      positiveInteger('bootstrap'),
    )
    .addOption(
      new Option('--decades <number>', 'fewest decades between two cutoffs that are found together')
        .argParser(positiveNumber('decades'))
        .default(1),
    )
    .option(
      '--no-alternatives',
      'no comparison with exponential, lognormal, stretched exponential, truncated power law',
    )
    .option('--json', 'as JSON; what is not defined is null, infinities are texts')
    .option('--out <file>', 'write the fit table to a .parquet, .csv or .json file')
    .option('--figure <file>', 'draw the fit to a .svg or .png file')
    .option('--workers <integer>', 'threads of the bootstrap (default: one a core)', positiveInteger('workers'))
    .addOption(new Option('--progress <kind>', 'progress on stderr').choices(['auto', 'json', 'none']).default('auto'));
  addSeedOption(command);
  add(
    column,
    '--xmin <number|auto>',
    'smallest value fitted (default: auto, by Kolmogorov–Smirnov distance)',
    lowerCutoff('xmin'),
  );
  add(
    column,
    '--xmax <number|auto|none>',
    'largest value fitted (default: none; auto finds both cutoffs)',
    upperCutoff('xmax'),
  );
  add(
    column,
    '--candidates <n|all>',
    'values tried for xmin (default: all up to 200,000 distinct ones, else 2000)',
    parseCandidates,
  );
  add(column, '--exact', 'keep every value, however many');
  add(
    column,
    '--raw-limit <n>',
    'values kept as they are before a histogram takes over',
    positiveInteger('raw-limit'),
    2_000_000,
  );
  add(trace, '--trace [file]', 'find avalanches in a recorded trace');
  add(
    trace,
    '--threshold <value>',
    'number, median, mean or quantile:q of the trace (default with --time-bin: 1 event)',
    parseThreshold,
  );
  add(trace, '--above', 'rows exactly at the threshold are outside avalanches');
  command.addOption(
    new Option(
      '--size <kind>',
      'size of an avalanche: sum of signal, or of excess over the threshold (default: signal)',
    )
      .choices(['signal', 'excess'])
      .helpGroup(trace),
  );
  add(trace, '--trial <column>', 'column that names the trial of a row: avalanches never cross trials');
  add(
    trace,
    '--time-bin <width|mean>',
    'the column holds times of events: count them in bins; mean: of the mean interval',
    parseTimeBin,
  );
  add(crackling, '--avalanches <size,duration>', 'columns of size and duration of avalanches', parseAvalanches);
  add(crackling, '--block-by <column>', 'integer column of what is independent (network, session), for the jackknife');
  add(
    crackling,
    '--blocks <n>',
    'jackknife blocks, at least, where there are enough avalanches',
    positiveInteger('blocks', 2),
    32,
  );
  add(crackling, '--size-min <number|auto>', 'smallest size fitted', lowerCutoff('size-min'), 'auto');
  add(crackling, '--size-max <number|auto|none>', 'largest size fitted', upperCutoff('size-max'), 'auto');
  add(crackling, '--duration-min <number|auto>', 'shortest duration fitted', lowerCutoff('duration-min'), 'auto');
  add(crackling, '--duration-max <number|auto|none>', 'longest duration fitted', upperCutoff('duration-max'), 'auto');
  add(
    crackling,
    '--collapse-min <integer>',
    'shortest duration in the shape collapse',
    positiveInteger('collapse-min'),
    10,
  );
  add(
    crackling,
    '--collapse-max <integer>',
    'longest duration in the shape collapse (default: as in the fit)',
    positiveInteger('collapse-max'),
  );
  add(
    crackling,
    '--scaling-count <integer>',
    'avalanches a group of durations takes at least in the fit of size against duration',
    positiveInteger('scaling-count', 2),
    10,
  );
  add(
    crackling,
    '--profile-count <integer>',
    'avalanches a duration needs for the collapse',
    positiveInteger('profile-count'),
    50,
  );
  add(
    crackling,
    '--profile-points <integer>',
    'points of the grid that shapes are interpolated on',
    positiveInteger('profile-points', 4),
    50,
  );
}

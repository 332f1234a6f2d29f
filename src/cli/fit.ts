import { Command } from 'commander';
import { ParameterError } from '../error.ts';
import { checkFigurePath } from './figure-file.ts';
import { checkFlags, type FitFlags } from './fit-flags.ts';
import { addFitOptions, fitExamples } from './fit-options.ts';
import { checkTablePath } from './plain-rows.ts';

interface Given extends Omit<FitFlags, 'discrete'> {
  readonly discrete?: boolean;
  readonly continuous?: boolean;
}

/** The `fit` command: power laws in any data, and the crackling analysis of avalanches and recorded traces. */
export function fitCommand(): Command {
  const command = new Command('fit')
    .description('fit power laws to a column, or measure the avalanches of a table or a recorded trace')
    .usage('[file|run folder|-] [options]')
    .argument('[file]', 'Parquet, Arrow IPC, CSV or TSV file, run folder, or - for standard input');
  addFitOptions(command);
  return command.addHelpText('after', fitExamples).action(async (file: string | undefined, given: Given) => {
    const { discrete, continuous, ...rest } = given;
    const flags: FitFlags = { ...rest, discrete: discrete === true ? true : continuous === true ? false : undefined };
    const asked = new Set(
      command.options
        .filter((option) => command.getOptionValueSource(option.attributeName()) === 'cli')
        .map((option) => option.name()),
    );
    checkFlags(flags, asked);
    if (flags.out !== undefined) checkTablePath('out', flags.out);
    if (flags.figure !== undefined) checkFigurePath(flags.figure);
    await fitPath(file, flags, asked);
  });
}

async function fitPath(file: string | undefined, flags: FitFlags, asked: ReadonlySet<string>): Promise<void> {
  const traceFile = typeof flags.trace === 'string' ? flags.trace : undefined;
  if (file !== undefined && traceFile !== undefined) {
    throw new ParameterError(`one table is fitted at a time, got ${file} and ${traceFile}`);
  }
  const path = file ?? traceFile;
  if (path === undefined) throw new ParameterError('a file, a run folder or - for standard input must be given');
  const { openSource } = await import('./fit-source.ts');
  const source = await openSource(path);
  try {
    if (flags.trace !== undefined) await (await import('./fit-crackling.ts')).fitTrace(source, flags);
    else if (flags.avalanches !== undefined || (source.isRun && flags.column === undefined)) {
      if (asked.has('xmin') || asked.has('xmax')) {
        throw new ParameterError(
          'xmin and xmax are for one column: give --column, or --size-min, --duration-min and so on',
        );
      }
      await (await import('./fit-crackling.ts')).fitAvalanches(source, flags);
    } else await (await import('./fit-column.ts')).fitColumn(source, flags);
  } finally {
    await source.close();
  }
}

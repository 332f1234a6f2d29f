import { availableParallelism } from 'node:os';
import { Command, Option } from 'commander';
import { pipelineNames } from '../flow/built-in.ts';
import { loadPipeline, pipelineUrl } from '../flow/load.ts';
import type { Pipeline } from '../pipeline.ts';
import { declaredBy } from '../run/declared.ts';
import { pipelineFile } from '../run/origin.ts';
import { run } from '../run/run.ts';
import type { Shard } from '../run/split.ts';
import { type EncodingSet, encodingSets } from '../store/parquet/encoding-set.ts';
import { addExecutionOptions, addSeedOption, parseNames, parseShard, wholeNumber } from './general-options.ts';
import { addParameterOptions, readParameters } from './parameter-options.ts';
import { type ExecutionFlags, supervise } from './supervise.ts';

/** `<pipeline>` of the words after the command: flags are declared by the pipeline, so it must be known before they are read. */
export async function namedPipeline(words: readonly string[]): Promise<Pipeline | undefined> {
  const name = words[0];
  return name === undefined || name.startsWith('-') ? undefined : loadPipeline(pipelineUrl(name));
}

/** Tables that a pipeline can record, in words. */
export function recordable(pipeline: Pipeline | undefined): string {
  if (pipeline === undefined) return 'which ones depends on the pipeline';
  return declaredBy(pipeline).records.join(', ') || 'this pipeline has none';
}

interface RunFlags extends ExecutionFlags, Record<string, unknown> {
  readonly seed: number;
  readonly out?: string;
  readonly record?: string[];
  readonly parquet: EncodingSet;
  readonly figures: boolean;
  readonly keepState?: boolean;
  readonly shard?: Shard;
  readonly partitionSize?: number;
}

/** @param words what follows `run` on the command line */
export async function runCommand(words: readonly string[]): Promise<Command> {
  const pipeline = await namedPipeline(words);
  const command = new Command('run')
    .description(pipeline === undefined ? 'run a pipeline' : `run ${pipeline.name}: ${pipeline.doc}`)
    .usage('<pipeline|file.ts> [options]')
    .argument('<pipeline>', `${pipelineNames().join(', ')}; or the path of your own`)
    .option('--out <folder>', 'run folder, or s3://bucket/path (default: output/<pipeline>/<time>)')
    .option('--record <tables>', `stream tables to Parquet parts while running: ${recordable(pipeline)}`, parseNames)
    .addOption(
      new Option(
        '--parquet <encodings>',
        'of Parquet files: portable, or compact, which are smaller and which older readers cannot read',
      )
        .choices(encodingSets)
        .default('portable'),
    )
    .option('--shard <i/n>', 'do share i of n of the run: crackle merge makes the run of all shares', parseShard)
    .option(
      '--partition-size <integer>',
      'perturbations a partition (default: by the parameters)',
      wholeNumber('partition-size', 1),
    )
    .option(
      '--keep-state',
      'keep the state of the statistics in the run folder, for crackle merge, and to go on with the run later (crackle resume --valid)',
    )
    .option('--no-figures', 'write no figures and no report.html');
  addSeedOption(command);
  addExecutionOptions(command);
  if (pipeline === undefined) {
    command.addHelpText('after', '\nParameters depend on the pipeline: crackle run <pipeline> --help');
    return command.action(() => {});
  }
  addParameterOptions(command, pipeline);
  return command.action(async (_name: string, flags: RunFlags) => {
    const idle: string[] = [];
    const values = readParameters(flags, pipeline, (sentence) => idle.push(sentence));
    const start = (options: Parameters<typeof run>[2]) => {
      for (const sentence of idle) options?.logger?.warn(sentence);
      return run(pipeline, values, {
        ...options,
        seed: flags.seed,
        workers: flags.workers ?? availableParallelism(),
        out: flags.out ?? defaultFolder(pipeline.name),
        record: flags.record ?? [],
        parquet: flags.parquet,
        figures: flags.figures,
        keepState: flags.keepState === true,
        ...(flags.shard === undefined ? {} : { shard: flags.shard }),
        ...(flags.partitionSize === undefined ? {} : { partitionSize: flags.partitionSize }),
      });
    };
    await supervise(flags, pipeline.name, start, pipelineFile(pipeline));
  });
}

/** Where a run goes that isn't told. */
export function defaultFolder(name: string): string {
  const time = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
  return `output/${name}/${time}`;
}

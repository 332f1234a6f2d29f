import { Command } from 'commander';
import { PipelineError } from '../error.ts';
import { examinePipeline } from '../run/check-pipeline.ts';
import { addSeedOption, wholeNumber } from './general-options.ts';
import { addParameterOptions, readParameters } from './parameter-options.ts';
import { printable } from './printable.ts';
import { namedPipeline } from './run.ts';

interface CheckFlags extends Record<string, unknown> {
  readonly seed: number;
  readonly tried: number;
}

/**
 * `crackle check`: a pipeline of one's own, run for a moment.
 * @param words what follows `check` on the command line
 */
export async function checkCommand(words: readonly string[]): Promise<Command> {
  const pipeline = await namedPipeline(words);
  const command = new Command('check')
    .description('run a pipeline for a moment and say what is wrong with it')
    .usage('<file.ts> [options]')
    .argument('<pipeline>', 'the path of your own, or a built-in one')
    .option('--tried <integer>', 'perturbations of each ensemble that are tried', wholeNumber('tried', 1), 64);
  addSeedOption(command);
  if (pipeline === undefined) {
    command.addHelpText('after', '\nParameters depend on the pipeline: crackle check <pipeline> --help');
    return command.action(() => {});
  }
  addParameterOptions(command, pipeline);
  return command.action(async (_name: string, flags: CheckFlags) => {
    const { seed, tried: perturbations } = flags;
    const idle: string[] = [];
    const values = readParameters(flags, pipeline, (sentence) => idle.push(sentence));
    const report = await examinePipeline(pipeline, values, { seed, perturbations });
    for (const [mark, sentences] of [
      ['✓', report.held],
      ['–', [...idle, ...report.notes]],
    ] as const)
      for (const sentence of sentences) console.log(printable(`${mark} ${sentence}`));
    if (report.faults.length > 0) throw new PipelineError(report.faults.join('\ncrackle: '));
  });
}

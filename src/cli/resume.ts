import { Command } from 'commander';
import { CompleteError } from '../error.ts';
import type { Amounts } from '../run/extend.ts';
import { resume } from '../run/resume.ts';
import { addAnyBuildOption, addExecutionOptions, addPipelineOption, wholeNumber } from './general-options.ts';
import { type ExecutionFlags, supervise } from './supervise.ts';

export function resumeCommand(): Command {
  const command = new Command('resume')
    .description(
      'go on with an interrupted run: the result is that of a run that was never interrupted; a complete one stays as it is',
    )
    .argument('<folder>', 'the run folder')
    .option(
      '--valid <number>',
      'go on with a complete run (of --keep-state) to more valid avalanches',
      wholeNumber('valid', 1),
    )
    .option('--perturbations <number>', 'the same, to more perturbations', wholeNumber('perturbations', 1));
  command
    .option('--figures', 'write figures and report.html (default: as the run was begun)')
    .option('--no-figures', 'write none');
  addPipelineOption(command);
  addAnyBuildOption(command);
  addExecutionOptions(command);
  return command.action(
    async (
      folder: string,
      flags: ExecutionFlags &
        Amounts & { readonly pipeline?: string; readonly figures?: boolean; readonly anyBuild?: boolean },
    ) => {
      const { pipeline, workers, figures, valid, perturbations } = flags;
      const more = {
        ...(valid === undefined ? {} : { valid }),
        ...(perturbations === undefined ? {} : { perturbations }),
      };
      const start = (options: Parameters<typeof resume>[1]) =>
        resume(folder, {
          ...options,
          anyBuild: flags.anyBuild === true,
          ...(figures === undefined ? {} : { figures }),
          ...(workers === undefined ? {} : { workers }),
          ...(Object.keys(more).length === 0 ? {} : { extend: more }),
          ...(pipeline === undefined ? {} : { pipeline }),
        });
      try {
        await supervise(flags, folder, start, pipeline);
      } catch (error) {
        // A script that goes on until all is done, or another driver, was there before. Figures are what `crackle report` draws.
        if (!(error instanceof CompleteError) || figures === true) throw error;
        process.stderr.write(`crackle: ${error.message}\n`);
      }
    },
  );
}

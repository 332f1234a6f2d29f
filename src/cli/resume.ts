import { Command } from 'commander';
import { resume } from '../run.ts';
import { addExecutionOptions } from './general-options.ts';
import { type ExecutionFlags, supervise } from './supervise.ts';

export function resumeCommand(): Command {
  const command = new Command('resume')
    .description('go on with an interrupted run: the result is that of a run that was never interrupted')
    .argument('<folder>', 'the run folder');
  addExecutionOptions(command);
  return command.action(async (folder: string, flags: ExecutionFlags) => {
    await supervise(flags, (options) =>
      resume(folder, { ...options, ...(flags.workers === undefined ? {} : { workers: flags.workers }) }),
    );
  });
}

import { Command } from 'commander';
import { resume } from '../run/resume.ts';
import { addExecutionOptions, addPipelineOption } from './general-options.ts';
import { type ExecutionFlags, supervise } from './supervise.ts';

export function resumeCommand(): Command {
  const command = new Command('resume')
    .description('go on with an interrupted run: the result is that of a run that was never interrupted')
    .argument('<folder>', 'the run folder');
  addPipelineOption(command);
  addExecutionOptions(command);
  return command.action(async (folder: string, flags: ExecutionFlags & { readonly pipeline?: string }) => {
    const { pipeline, workers } = flags;
    const start = (options: Parameters<typeof resume>[1]) =>
      resume(folder, {
        ...options,
        ...(workers === undefined ? {} : { workers }),
        ...(pipeline === undefined ? {} : { pipeline }),
      });
    await supervise(flags, start, pipeline);
  });
}

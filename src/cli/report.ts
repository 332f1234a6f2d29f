import { Command } from 'commander';
import { remake } from '../run.ts';
import { addPipelineOption } from './general-options.ts';
import { shownPath } from './shown-path.ts';

export function reportCommand(): Command {
  const command = new Command('report')
    .description('make the figures and report.html of a run folder again from its tables')
    .argument('<folder>', 'the run folder');
  addPipelineOption(command);
  return command.action(async (folder: string, { pipeline }: { pipeline?: string }) => {
    for (const path of await remake(folder, pipeline)) console.log(shownPath(path));
  });
}

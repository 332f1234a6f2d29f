import { Command } from 'commander';
import { remake } from '../run.ts';
import { shownPath } from './shown-path.ts';

export function reportCommand(): Command {
  return new Command('report')
    .description('make the figures and report.html of a run folder again from its tables')
    .argument('<folder>', 'the run folder')
    .action(async (folder: string) => {
      for (const path of await remake(folder)) console.log(shownPath(path));
    });
}

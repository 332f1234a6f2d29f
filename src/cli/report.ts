import { Command } from 'commander';
import { remake } from '../run/remake.ts';
import { readManifest } from '../store/folder.ts';
import { addPipelineOption } from './general-options.ts';
import { printable } from './printable.ts';
import { shownPath } from './shown-path.ts';

export function reportCommand(): Command {
  const command = new Command('report')
    .description('make the figures and report.html of a run folder again from its tables')
    .argument('<folder>', 'the run folder');
  addPipelineOption(command);
  return command.action(async (folder: string, { pipeline }: { pipeline?: string }) => {
    const { status } = await readManifest(folder);
    if (status !== 'complete') {
      process.stderr.write(
        printable(`${folder} holds a run that is not complete (status ${status}): so is its report\n`),
      );
    }
    for (const path of await remake(folder, pipeline)) console.log(shownPath(path));
  });
}

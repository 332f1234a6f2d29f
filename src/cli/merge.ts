import { Command } from 'commander';
import { summary } from '../report/terminal.ts';
import { mergeRuns } from '../run/merge.ts';
import { readManifest } from '../store/folder.ts';
import { addPipelineOption } from './general-options.ts';
import { defaultFolder } from './run.ts';
import { shownPath } from './shown-path.ts';

interface MergeFlags {
  readonly out?: string;
  readonly figures: boolean;
  readonly keepState?: boolean;
  readonly pipeline?: string;
}

export function mergeCommand(): Command {
  const command = new Command('merge')
    .description(
      'merge complete runs of one pipeline with different seeds into one: tables, figures and report of the whole',
    )
    .argument('<folders...>', 'run folders, made with --keep-state')
    .option('--out <folder>', 'folder of the merged run (default: output/<pipeline>/<time>)')
    .option('--keep-state', 'keep the merged state too, to merge again')
    .option('--no-figures', 'write no figures and no report.html');
  addPipelineOption(command);
  return command.action(async (folders: string[], flags: MergeFlags) => {
    const out = flags.out ?? defaultFolder((await readManifest(folders[0]!)).pipeline);
    const { figures, keepState = false, pipeline } = flags;
    const result = await mergeRuns(folders, {
      out,
      figures,
      keepState,
      ...(pipeline === undefined ? {} : { pipeline }),
    });
    const folder = shownPath(result.folder!);
    console.log(summary({ ...result, folder }, { color: process.stdout.isTTY && !process.env.NO_COLOR }));
  });
}

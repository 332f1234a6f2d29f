import { Command } from 'commander';
import { summary } from '../report/terminal.ts';
import { mergeRuns } from '../run/merge.ts';
import { readManifest } from '../store/folder.ts';
import { defaultFolder } from './run.ts';
import { shownPath } from './shown-path.ts';

interface MergeFlags {
  readonly out?: string;
  readonly figures: boolean;
  readonly keepState?: boolean;
}

export function mergeCommand(): Command {
  return new Command('merge')
    .description(
      'merge complete runs of one pipeline with different seeds into one: tables, figures and report of the whole',
    )
    .argument('<folders...>', 'run folders, made with --keep-state')
    .option('--out <folder>', 'folder of the merged run (default: output/<pipeline>/<time>)')
    .option('--keep-state', 'keep the merged state too, to merge again')
    .option('--no-figures', 'write no figures and no report.html')
    .action(async (folders: string[], flags: MergeFlags) => {
      const out = flags.out ?? defaultFolder((await readManifest(folders[0]!)).pipeline);
      const { figures, keepState = false } = flags;
      const result = await mergeRuns(folders, { out, figures, keepState });
      const folder = shownPath(result.folder!);
      console.log(summary({ ...result, folder }, { color: process.stdout.isTTY && !process.env.NO_COLOR }));
    });
}

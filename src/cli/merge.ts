import { Command } from 'commander';
import { mergeRuns } from '../run/merge.ts';
import { readAnyManifest } from '../store/any-dataset.ts';
import { addAnyBuildOption, addLogOption, addPipelineOption, addThreadOptions } from './general-options.ts';
import { defaultFolder } from './run.ts';
import { type ExecutionFlags, supervise } from './supervise.ts';

interface MergeFlags extends Pick<ExecutionFlags, 'workers' | 'progress' | 'logLevel'> {
  readonly out?: string;
  readonly figures: boolean;
  readonly keepState?: boolean;
  readonly pipeline?: string;
  readonly anyBuild?: boolean;
}

export function mergeCommand(): Command {
  const command = new Command('merge')
    .description(
      'merge the shards of a run into the run that was not shared out, or complete runs of one pipeline with different seeds into one: tables, figures and report of the whole',
    )
    .argument('<folders...>', 'folders of all shards of a run (--shard), or of runs made with --keep-state')
    .option('--out <folder>', 'folder of the merged run, or s3://bucket/path (default: output/<pipeline>/<time>)')
    .option('--keep-state', 'keep the merged state too, to merge again')
    .option('--no-figures', 'write no figures and no report.html');
  addPipelineOption(command);
  addAnyBuildOption(command);
  addThreadOptions(command);
  addLogOption(command);
  command.addHelpText(
    'after',
    '\nFolders may be in buckets. Of shards recorded tables are copied, and what none\nof them has, at the end of each ensemble, is computed by the worker threads;\ninterrupted, the merge is a run to resume. What runs of different seeds have\nrecorded stays in their folders: crackle fit takes several.',
  );
  return command.action(async (folders: string[], flags: MergeFlags) => {
    const { figures, keepState = false, pipeline, workers } = flags;
    const out = flags.out ?? defaultFolder((await readAnyManifest(folders[0]!)).pipeline);
    const merge = (options: Parameters<typeof mergeRuns>[1]) =>
      mergeRuns(folders, {
        ...options,
        out,
        figures,
        keepState,
        anyBuild: flags.anyBuild === true,
        ...(workers === undefined ? {} : { workers }),
        ...(pipeline === undefined ? {} : { pipeline }),
      });
    await supervise(flags, out, merge, pipeline);
  });
}

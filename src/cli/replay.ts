import { Command } from 'commander';
import { named } from '../flow/tries.ts';
import { replay } from '../run/replay.ts';
import { readManifest } from '../store/folder.ts';
import { addPipelineOption, wholeNumber } from './general-options.ts';
import { printable } from './printable.ts';

/** `crackle replay`: one partition alone, to see what is wrong with it. */
export function replayCommand(): Command {
  const command = new Command('replay')
    .description('compute one partition of a run alone, in one thread, and say what it comes to; changes nothing')
    .argument('<folder>', 'the run folder')
    .argument('<ensemble>', 'number of its ensemble, from 0', wholeNumber('ensemble', 0))
    .argument('<partition>', 'its number, from 0', wholeNumber('partition', 0));
  addPipelineOption(command);
  return command.action(
    async (folder: string, ensemble: number, index: number, { pipeline }: { pipeline?: string }) => {
      const { files } = await readManifest(folder);
      const { partition, counts, state_sha256, parts, seconds } = await replay(folder, { ensemble, index }, pipeline);
      const tallies = Object.entries(counts).map(([name, count]) => `${name} ${count}`);
      console.log(`${named(partition)}, ${seconds.toFixed(2)} s: ${tallies.join(', ')}`);
      console.log(`state ${state_sha256}`);
      for (const { path, rows, sha256 } of parts) {
        const listed = Object.hasOwn(files, path) ? files[path]!.sha256 : undefined;
        const same =
          listed === undefined
            ? 'not listed in the manifest'
            : listed === sha256
              ? 'as in the run'
              : 'OTHER than in the run';
        console.log(printable(`${path}: ${rows} rows, ${sha256}, ${same}`));
      }
    },
  );
}

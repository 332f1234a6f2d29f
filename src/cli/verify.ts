import { Command } from 'commander';
import { ParameterError, StoreError } from '../error.ts';
import { repair } from '../run/repair.ts';
import { type Verdict, verify } from '../store/verify.ts';
import { addPipelineOption } from './general-options.ts';
import { printable } from './printable.ts';

function shown({ folder, status, files, bytes, damage }: Verdict): string {
  const size = `${files} ${files === 1 ? 'file' : 'files'}, ${(bytes / 1e6).toFixed(1)} MB`;
  if (damage.length === 0) {
    const further =
      status === 'complete' ? '' : ': what its last checkpoint counts on is whole, the rest will be computed again';
    return `${folder}: ${status}, ${size}, all as written${further}`;
  }
  return damage.map(({ file, what, advice }) => `${file} ${what}\n  → ${advice}`).join('\n');
}

interface VerifyFlags {
  readonly json?: boolean;
  readonly repair?: boolean;
  readonly pipeline?: string;
}

/** `crackle verify`: fails where a run folder is not as it was written. */
export function verifyCommand(): Command {
  const command = new Command('verify')
    .description(
      'read all data of a run folder and hold them against their checksums; say what is damaged and what to do',
    )
    .argument('<folder>', 'the run folder')
    .option('--json', 'as JSON')
    .option(
      '--repair',
      'compute damaged parts and states of shards again, and tables of runs with --keep-state: only the bits that were written are put back; an unfinished run that lost its checkpoint or journal goes back to its start',
    );
  addPipelineOption(command);
  return command.action(async (folder: string, { json, repair: mend, pipeline }: VerifyFlags) => {
    if (pipeline !== undefined && mend !== true)
      throw new ParameterError('pipeline is of --repair, which computes again: to verify runs no code');
    let verdict: Verdict;
    if (mend === true) {
      const { repaired, startsAgain, failed, verdict: after } = await repair(folder, pipeline);
      for (const file of repaired) process.stderr.write(`${printable(file)} was computed again: as it was written\n`);
      if (startsAgain)
        process.stderr.write('the run is at its start again: crackle resume computes it all, to the same bits\n');
      const advice = new Map(failed.map((one) => [one.file, one.advice]));
      verdict = {
        ...after,
        damage: after.damage.map((one) => ({ ...one, advice: advice.get(one.file) ?? one.advice })),
      };
    } else verdict = await verify(folder);
    console.log(json ? JSON.stringify(verdict, null, 2) : printable(shown(verdict)));
    const count = verdict.damage.length;
    if (count > 0) throw new StoreError(`${folder} is damaged: ${count} ${count === 1 ? 'fault' : 'faults'}`);
  });
}

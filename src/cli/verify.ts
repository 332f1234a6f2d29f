import { Command } from 'commander';
import { StoreError } from '../error.ts';
import { type Verdict, verify } from '../store/verify.ts';
import { printable } from './printable.ts';

function shown({ folder, status, files, bytes, damage }: Verdict): string {
  const size = `${files} files, ${(bytes / 1e6).toFixed(1)} MB`;
  if (damage.length === 0) {
    const further =
      status === 'complete' ? '' : ': what its last checkpoint counts on is whole, the rest will be computed again';
    return `${folder}: ${status}, ${size}, all as written${further}`;
  }
  return damage.map(({ file, what, advice }) => `${file} ${what}\n  → ${advice}`).join('\n');
}

/** `crackle verify`: fails where a run folder is not as it was written. */
export function verifyCommand(): Command {
  return new Command('verify')
    .description('read all of a run folder and hold it against its checksums; say what is damaged and what to do')
    .argument('<folder>', 'the run folder')
    .option('--json', 'as JSON')
    .action(async (folder: string, { json }: { json?: boolean }) => {
      const verdict = await verify(folder);
      console.log(json ? JSON.stringify(verdict, null, 2) : printable(shown(verdict)));
      const count = verdict.damage.length;
      if (count > 0) throw new StoreError(`${folder} is damaged: ${count} ${count === 1 ? 'fault' : 'faults'}`);
    });
}

import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { onTestFinished } from 'vitest';

/**
 * A file system of a few kilobytes, unmounted after the test.
 * @returns undefined, with the reason printed, where this process may not mount one
 */
export function smallDisk(at: string, kilobytes: number): string | undefined {
  mkdirSync(at);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'tmpfs', at], { stdio: 'ignore' });
  } catch {
    console.log('skipped: a full disk needs the right to mount a small tmpfs');
    return undefined;
  }
  onTestFinished(() => {
    execFileSync('umount', [at]);
  });
  return at;
}

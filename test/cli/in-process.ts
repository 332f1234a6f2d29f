import { setFlagsFromString } from 'node:v8';
import { vi } from 'vitest';
import { execute } from '../../src/cli/command-line.ts';
import type { Ended } from './crackle.ts';

/**
 * Runs the command line as {@link crackle} does, in this process, which costs half a second of CPU time less: for what isn't about the process itself (its
 * start, signals, outlets and end), whose stdout is text.
 */
export async function inProcess(words: readonly string[]): Promise<Ended> {
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      said[name] += String(text);
      return true;
    });
  }
  vi.spyOn(console, 'log').mockImplementation((text) => {
    said.stdout += `${text}\n`;
  });
  try {
    const code = await execute(words);
    return { code, stdout: Buffer.from(said.stdout), stderr: said.stderr };
  } finally {
    vi.restoreAllMocks();
    // A run tells V8 to let young generations stay small, and to optimise no more once it draws, since its process ends soon; this one goes on.
    for (const flag of ['--opt', '--semi-space-growth-factor=2']) setFlagsFromString(flag);
  }
}

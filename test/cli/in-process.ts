import { vi } from 'vitest';
import { execute } from '../../src/cli/command-line.ts';
import type { Ended } from './crackle.ts';

/** Runs the command line as {@link crackle} does, in this process: for words that are refused before anything is begun, help and lists. */
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
  }
}

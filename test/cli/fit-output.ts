import { vi } from 'vitest';
import { fitCommand } from '../../src/cli/fit.ts';

/** What `crackle fit` writes to stdout. */
export async function output(...words: string[]): Promise<string> {
  const written: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
  try {
    await fitCommand().exitOverride().parseAsync(words, { from: 'user' });
  } finally {
    vi.restoreAllMocks();
  }
  return written.join('');
}

#!/usr/bin/env node
/** The entry: whatever else is opened comes after this file, so that too few file handles are one sentence even for that. */
try {
  const { commandLine } = await import('./command-line.ts');
  await commandLine();
} catch (error) {
  const { code } = (error ?? {}) as NodeJS.ErrnoException;
  if (code !== 'EMFILE' && code !== 'ENFILE') throw error;
  process.stderr.write('crackle: too many files are open: raise the limit (ulimit -n)\n');
  process.exitCode = 2;
}

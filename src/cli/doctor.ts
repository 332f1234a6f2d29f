import { Command } from 'commander';
import { BackendError } from '../error.ts';
import type { Check } from './doctor-check.ts';

const marks = { present: '✓', optional: '–', missing: '✗', failed: '✗' };

function shown(checks: readonly Check[]): string {
  const width = Math.max(...checks.map(({ name }) => name.length)) + 2;
  return checks
    .flatMap(({ name, state, detail, advice }) => [
      `${marks[state]} ${name.padEnd(width)}${detail}`,
      ...(advice === undefined ? [] : [`  ${' '.repeat(width)}→ ${advice}`]),
    ])
    .join('\n');
}

/** `crackle doctor`: what is there, what is missing and how to get it. Fails where something is missing that crackle can't do without. */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description('say what this machine has that crackle uses, what is missing, and how to get it')
    .option('--json', 'as JSON')
    .action(async ({ json }: { json?: boolean }) => {
      // The native library otherwise tells of every device it looks for.
      process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
      const { diagnose } = await import('./doctor-checks.ts');
      const checks = await diagnose();
      console.log(json ? JSON.stringify({ checks }, null, 2) : shown(checks));
      const missing = checks.filter(({ state }) => state === 'missing').map(({ name }) => name);
      if (missing.length > 0) throw new BackendError(`crackle can't run without: ${missing.join(', ')}`);
    });
}

import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Whether the build is of these sources. */
    built: boolean;
  }
}

/** Looks once, before all tests, what each process of tests that starts threads would look for. */
export default function look({ provide }: TestProject): void {
  provide('built', spawnSync(process.execPath, [resolve(import.meta.dirname, '../src/built.mjs')]).status === 0);
}

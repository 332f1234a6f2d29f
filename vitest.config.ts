import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** The package by its own name is its sources, as in tsconfig.json. */
const own = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/**
 * Folders whose tests leave nothing behind in their process (no environment, no registered names, no threads or devices): they share one, which
 * loads each module once.
 */
const shared = [
  'avalanche',
  'crackling',
  'fit',
  'kernel',
  'meanfield',
  'network',
  'numeric',
  'phase',
  'process',
  'propagation',
  'recording',
  'reduce',
  'report',
  'residual',
  'schema',
  'surrogate',
  'theory',
].map((folder) => `test/${folder}/**/*.test.ts`);

export default defineConfig({
  resolve: {
    alias: [
      { find: /^(\.\.\/)+thread\.ts$/, replacement: own('test/built-thread.ts') },
      { find: /^crackle$/, replacement: own('src/index.ts') },
      { find: /^crackle\/pipelines\/(.+)$/, replacement: own('pipelines/$1.ts') },
    ],
  },
  test: {
    // For what hangs: a machine in use may take ten times as long as a quiet one.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 90_000 } },
    pool: 'forks',
    // One more than the cores of a small machine: many tests wait for programs that they have started.
    maxWorkers: 3,
    projects: [
      { extends: true, test: { name: 'shared', include: shared, isolate: false } },
      { extends: true, test: { name: 'alone', include: ['test/**/*.test.ts'], exclude: shared } },
    ],
  },
});

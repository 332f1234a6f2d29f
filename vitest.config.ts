import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { optimisesLater } from './src/cli/tune-v8.ts';
import { DearestFirst } from './test/dearest-first.ts';

/** The package by its own name is its sources, as in tsconfig.json. */
const own = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** What changes its process (environment, mocked modules, devices, memory that is measured) has one of its own; all others share a few, which load each module once. */
const alone = [
  'test/{garbage,idle-memory,thread}.test.ts',
  'test/docs/site.test.ts',
  'test/gpu/!(missing-adapter|pace|random).test.ts',
  'test/learning/training-group.test.ts',
  'test/page/!(cells|explorable).test.ts',
  'test/queue/!(together).test.ts',
  'test/run/own-kernels.test.ts',
  'test/{campaign,nodes}/*.test.ts',
  'test/store/{failure,slow-disk,undeletable}.test.ts',
  'test/store/s3/*.test.ts',
];

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
    // As the command line does: a tenth less CPU time, since most of what tests call runs for a short time.
    execArgv: optimisesLater === undefined ? [] : [optimisesLater],
    globalSetup: 'test/built.ts',
    // One more than the cores of a small machine: many tests wait for programs that they have started.
    maxWorkers: 3,
    // Another order is asked for by --sequence.shuffle.files.
    sequence: process.argv.some((word) => word.startsWith('--sequence.shuffle')) ? {} : { sequencer: DearestFirst },
    projects: [
      { extends: true, test: { name: 'alone', include: alone } },
      {
        extends: true,
        test: {
          name: 'shared',
          include: ['test/**/*.test.ts'],
          exclude: alone,
          isolate: false,
          setupFiles: 'test/leaves-nothing.ts',
        },
      },
    ],
  },
});

import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** The package by its own name is its sources, as in tsconfig.json. */
const own = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  resolve: {
    alias: [
      { find: /^(\.\.\/)+thread\.ts$/, replacement: own('test/built-thread.ts') },
      { find: /^crackle$/, replacement: own('src/index.ts') },
      { find: /^crackle\/pipelines\/(.+)$/, replacement: own('pipelines/$1.ts') },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    pool: 'forks',
    maxWorkers: 2,
  },
});

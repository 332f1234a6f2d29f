import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packageRoot } from '../../src/schema/package-root.ts';

it('what is printed has one kind of apostrophe, the straight one that verdicts in tables have', () => {
  const curly = ['src', 'pipelines', 'schemas'].flatMap((folder) =>
    readdirSync(join(packageRoot, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(ts|json|py)$/.test(file))
      .map((file) => join(folder, file))
      .filter((file) => readFileSync(join(packageRoot, file), 'utf8').includes('’')),
  );
  expect(curly).toEqual([]);
});

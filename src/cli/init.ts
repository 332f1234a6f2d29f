import { readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Command } from 'commander';
import { ParameterError, StoreError } from '../error.ts';
import { packageRoot } from '../schema/package-root.ts';
import { storeError } from '../store/file.ts';

/** `crackle init`: a file to begin with, the template of `pipelines/templates/` under a name of one's own. */
export function initCommand(): Command {
  return new Command('init')
    .description('write a pipeline of your own to begin with, which runs as it is')
    .argument('<file.ts>', 'the file to write; one that is there is left alone')
    .action(async (path: string) => {
      const name = basename(path, '.ts');
      if (!path.endsWith('.ts') || !/^[\w-]+$/.test(name)) {
        throw new ParameterError(
          `the file must be called as its pipeline, in letters, digits and hyphens, and end in .ts, got '${path}'`,
        );
      }
      const template = readFileSync(join(packageRoot, 'pipelines/templates/pipeline.ts'), 'utf8');
      try {
        await writeFile(path, template.replaceAll('my-pipeline', name), { flag: 'wx' });
      } catch (error) {
        const there = (error as NodeJS.ErrnoException).code === 'EEXIST';
        if (there) throw new StoreError(`${path} is there already`, { cause: error });
        // What a full disk took of it would be there already next time.
        await rm(path, { force: true }).catch(() => {});
        throw storeError('write', path, error);
      }
      console.log(`${path} is written. To try it: crackle check ${path}; to run it: crackle run ${path}`);
    });
}

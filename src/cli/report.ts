import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { ParameterError, StoreError } from '../error.ts';
import { distinct } from '../parameter.ts';
import { folderName } from '../store/address.ts';
import { readAnyManifest } from '../store/any-dataset.ts';
import { addPipelineOption } from './general-options.ts';
import { printable } from './printable.ts';
import { pathWord, shownPath } from './shown-path.ts';

interface ReportFlags {
  readonly pipeline?: string;
  readonly out?: string;
}

/** Where the page of a comparison goes if nothing is said. */
const usualPage = 'comparison.html';

export function reportCommand(): Command {
  const command = new Command('report')
    .description(
      'make figures and report.html of a run folder again from its tables; of several, one page that compares them',
    )
    .argument('<folder...>', 'the run folder, or two and more to compare')
    .option(
      '--out <file>',
      `the page of a comparison, in place of what is there (default: ${usualPage}, if there is none)`,
    );
  addPipelineOption(command);
  return command.action(async (folders: string[], { pipeline, out }: ReportFlags) => {
    distinct('folders', folders.map(folderName));
    if (folders.length > 1 && out === undefined && existsSync(usualPage)) {
      throw new StoreError(`${usualPage} is there already: --out ${usualPage} replaces it`);
    }
    for (const folder of folders) {
      const { status } = await readAnyManifest(folder);
      if (status === 'complete') continue;
      process.stderr.write(
        printable(`${folder} holds a run that is not complete (status ${status}): so is its report\n`),
      );
    }
    if (folders.length > 1) return compare(folders, out ?? usualPage, pipeline);
    if (out !== undefined)
      throw new ParameterError('out is for the page that compares runs: the report of one is in its folder');
    const { remake } = await import('../run/remake.ts');
    for (const path of await remake(folders[0]!, pipeline)) console.log(shownPath(path));
  });
}

async function compare(folders: readonly string[], file: string, pipeline: string | undefined): Promise<void> {
  const [{ compareRuns }, { replaceFile }] = await Promise.all([
    import('../run/compare.ts'),
    import('../report/replace-file.ts'),
  ]);
  await replaceFile(file, await compareRuns(folders, pipeline));
  console.log(`open ${pathWord(file)}`);
}

import { join } from 'node:path';
import type { Command } from 'commander';
import { checkFlags } from '../../src/cli/fit-flags.ts';
import { givenParameters } from '../../src/cli/fit-options.ts';
import { readParameters } from '../../src/cli/parameter-options.ts';
import { namedPipeline } from '../../src/cli/run.ts';
import { root } from '../cli/crackle.ts';

/** Every command, by its name; some need the words that follow. */
export const commands: Record<string, (words: readonly string[]) => Command | Promise<Command>> = {
  list: async () => (await import('../../src/cli/list.ts')).listCommand(),
  init: async () => (await import('../../src/cli/init.ts')).initCommand(),
  describe: async () => (await import('../../src/cli/describe.ts')).describeCommand(),
  run: async (words) => (await import('../../src/cli/run.ts')).runCommand(words),
  check: async (words) => (await import('../../src/cli/check.ts')).checkCommand(words),
  resume: async () => (await import('../../src/cli/resume.ts')).resumeCommand(),
  stream: async (words) => (await import('../../src/cli/stream.ts')).streamCommand(words),
  fit: async () => (await import('../../src/cli/fit.ts')).fitCommand(),
  meanfield: async () => (await import('../../src/cli/meanfield.ts')).meanfieldCommand(),
  merge: async () => (await import('../../src/cli/merge.ts')).mergeCommand(),
  live: async () => (await import('../../src/cli/live.ts')).liveCommand(),
  report: async () => (await import('../../src/cli/report.ts')).reportCommand(),
  verify: async () => (await import('../../src/cli/verify.ts')).verifyCommand(),
  worker: async () => (await import('../../src/cli/worker.ts')).workerCommand(),
  replay: async () => (await import('../../src/cli/replay.ts')).replayCommand(),
  doctor: async () => (await import('../../src/cli/doctor.ts')).doctorCommand(),
};

/** What the shell hands over of a line: no comment, no further command of a pipe, no file that takes the output; quotes taken off. */
export function wordsOf(line: string): string[] {
  const [own = ''] = line.split(/\s+#|\s[|>]\s/);
  return [...own.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, double, single, plain]) => double ?? single ?? plain!);
}

/** Commands of crackle in the blocks of shell of a page, continued lines joined, and runs in its sentences that leave nothing out. */
export function commandsIn(page: string): string[] {
  const blocks = [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block]) => block!.replace(/\\\n\s*/g, ''));
  const lines = blocks.flatMap((block) => block.split('\n').filter((line) => /^(npx )?crackle /.test(line)));
  return [...lines, ...Array.from(page.matchAll(/`(crackle run [^`…<]+)`/g), ([, line]) => line!)];
}

/** Takes a command as the command line would, up to where it begins to work. What `crackle init` would write stands in for mine.ts. */
export async function parse(line: string): Promise<void> {
  const words = wordsOf(
    line.replace(/^npx /, '').replace(' mine.ts', ` ${join(root, 'pipelines/templates/pipeline.ts')}`),
  );
  const [, name = '', ...rest] = words;
  const command = await commands[name]?.(rest);
  if (command === undefined) throw new Error(`there is no command ${name}`);
  let taken: Record<string, unknown> | undefined;
  command
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .action(() => {
      taken = command.opts();
    });
  await command.parseAsync(rest, { from: 'user' });
  if (taken === undefined) throw new Error('the command takes no such words');
  if (['run', 'check', 'stream'].includes(name))
    readParameters(taken, (await namedPipeline(rest))!, (sentence) => {
      throw new Error(sentence);
    });
  if (name === 'fit') {
    const given = givenParameters(command);
    const kind = taken.trace !== undefined || taken.units === true || taken.series !== undefined ? 'trace' : undefined;
    const one = taken.against === undefined && taken.by === undefined ? 'column' : 'comparison';
    checkFlags(given, kind ?? (given.avalanches === undefined ? one : 'avalanches'));
  }
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { isExpected } from '../error.ts';
import { forbidden } from '../permission.ts';
import { packageRoot } from '../schema/package-root.ts';
import { helpLayout } from './help-layout.ts';
import { Interrupted } from './interrupt.ts';
import { guardOutlets } from './outlets.ts';
import { printable } from './printable.ts';
import { exposeCollector, keepYoungGenerations, optimiseLater } from './tune-v8.ts';

/** Each command is imported only when it is asked for; flags of some are those of the pipeline that its words begin with. */
const commands: Record<string, (words: readonly string[]) => Promise<Command>> = {
  list: async () => (await import('./list.ts')).listCommand(),
  init: async () => (await import('./init.ts')).initCommand(),
  describe: async () => (await import('./describe.ts')).describeCommand(),
  check: async (words) => (await import('./check.ts')).checkCommand(words),
  run: async (words) => (await import('./run.ts')).runCommand(words),
  resume: async () => (await import('./resume.ts')).resumeCommand(),
  stream: async (words) => (await import('./stream.ts')).streamCommand(words),
  fit: async () => (await import('./fit.ts')).fitCommand(),
  meanfield: async () => (await import('./meanfield.ts')).meanfieldCommand(),
  merge: async () => (await import('./merge.ts')).mergeCommand(),
  live: async () => (await import('./live.ts')).liveCommand(),
  report: async () => (await import('./report.ts')).reportCommand(),
  verify: async () => (await import('./verify.ts')).verifyCommand(),
  worker: async () => (await import('./worker.ts')).workerCommand(),
  replay: async () => (await import('./replay.ts')).replayCommand(),
  doctor: async () => (await import('./doctor.ts')).doctorCommand(),
};

async function program([asked, ...words]: readonly string[]): Promise<Command> {
  const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string };
  const crackle = new Command('crackle')
    .description('Finds and measures avalanches in deep neural networks.')
    .version(version)
    .addHelpText(
      'after',
      '\nExit codes: 0 done, 1 a bug of crackle, 2 something to fix in the input,\n130 interrupted or out of time, and resumable.',
    );
  const isVersion = asked === '--version' || asked === '-V';
  const names = isVersion
    ? []
    : asked !== undefined && Object.hasOwn(commands, asked)
      ? [asked]
      : Object.keys(commands);
  for (const name of names) crackle.addCommand(await commands[name]!(words));
  // Flags of run and stream are the pipeline's, and so is their help.
  const pipeline = words[0]?.startsWith('-') === false ? ` ${words[0]}` : '';
  const helpOf = (command: Command): string => {
    if (command === crackle) return '--help';
    const name = command.name();
    return `${name}${['run', 'check', 'stream'].includes(name) ? pipeline : ''} --help`;
  };
  const strict = (command: Command): void => {
    command
      .configureHelp(helpLayout)
      .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'crackle: ')) })
      .exitOverride()
      .showHelpAfterError(`(see: crackle ${helpOf(command)})`);
    for (const inner of command.commands) strict(inner);
  };
  strict(crackle);
  return crackle;
}

/** What an error means for the exit code; prints what the user should see. */
function leave(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof Interrupted) return 130;
  if (isExpected(error)) {
    process.stderr.write(`crackle: ${printable(error.message)}\n`);
    return 2;
  }
  const denied = forbidden(error);
  if (denied !== undefined) {
    process.stderr.write(`crackle: ${printable(denied)}\n`);
    return 2;
  }
  // By its text: the code of an error stays behind in the thread that it comes from.
  if (error instanceof Error && /\bE[MN]FILE\b/.test(error.message)) {
    process.stderr.write('crackle: too many files are open: raise the limit (ulimit -n), or use fewer --workers\n');
    return 2;
  }
  if (error instanceof Error && error.message.endsWith('uv_cwd')) {
    process.stderr.write('crackle: the current folder is gone: go to one that is there\n');
    return 2;
  }
  // As V8 says it of WebAssembly's memories, for each of which it reserves gigabytes of address space, and of arrays.
  if (error instanceof Error && /Out of memory|could not allocate memory|allocation failed/.test(error.message)) {
    process.stderr.write(
      `crackle: there is no memory left (${error.message}): use fewer --workers, or raise the limit (ulimit -v)\n`,
    );
    return 2;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`crackle: this is a bug, please report it with what follows\n${stack}\n`);
  return 1;
}

/**
 * Runs a command, and prints what the user should see of an error.
 * @param words what follows `crackle`
 * @returns the exit code
 */
export async function execute(words: readonly string[]): Promise<number> {
  try {
    await (await program(words)).parseAsync(words, { from: 'user' });
    return 0;
  } catch (error) {
    return leave(error);
  }
}

/** Runs the command that the process was started with; sets its exit code. */
export async function commandLine(): Promise<void> {
  guardOutlets();
  optimiseLater();
  keepYoungGenerations();
  exposeCollector();
  // What is thrown where nothing waits for it, in a package say, is told in the same words.
  process.on('uncaughtException', (error) => process.exit(leave(error)));
  const code = await execute(process.argv.slice(2));
  if (code !== 0) process.exitCode = code;
}

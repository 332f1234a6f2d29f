import { availableParallelism } from 'node:os';
import { Command } from 'commander';
import { ParameterError } from '../error.ts';
import { addLogOption, connectTimeout, duration, wholeNumber } from './general-options.ts';
import { interruptible, outliveTerminal } from './interrupt.ts';
import { createLogger } from './log.ts';

interface WorkerFlags {
  readonly slots?: number;
  readonly pipeline?: readonly string[];
  readonly heartbeat?: number;
  readonly drain?: number;
  readonly idle?: number;
  readonly connectTimeout?: number;
  readonly logLevel: string;
}

/** `crackle worker`: works on the partitions of runs that share a queue, until it is told to leave. */
export function workerCommand(): Command {
  const command = new Command('worker')
    .description('work on the partitions of all runs that share a queue (crackle run --queue)')
    .argument('[url]', 'redis://[user:password@]host[:port][/database], rediss:// for TLS; default: $CRACKLE_QUEUE')
    .option(
      '--slots <integer>',
      'partitions at once, four a core at most (default: one a core)',
      wholeNumber('slots', 1),
    )
    .option(
      '--pipeline <file>',
      "a copy of a run's own pipeline, where its driver has it elsewhere (may be given again)",
      (file: string, files: readonly string[] = []) => [...files, file],
    )
    .option(
      '--heartbeat <time>',
      'time between signs of life, 0.1s to 1h: after four a worker is taken for dead (default: 5s)',
      duration('heartbeat'),
    )
    .option(
      '--drain <time>',
      'time to finish what is in progress once it is told to leave (default: 20s)',
      duration('drain'),
    )
    .option('--idle <time>', 'leave after this time without a run (default: never)', duration('idle'))
    .addOption(connectTimeout())
    .action(async (given: string | undefined, flags: WorkerFlags) => {
      const url = given ?? process.env.CRACKLE_QUEUE;
      if (url === undefined)
        throw new ParameterError('crackle worker needs the URL of a queue, or CRACKLE_QUEUE in its environment');
      const logger = await createLogger(flags.logLevel, false);
      const { signal, release } = interruptible(() => {});
      const mortal = outliveTerminal();
      const {
        slots = availableParallelism(),
        pipeline = [],
        heartbeat = 5,
        drain = 20,
        idle,
        connectTimeout: patience,
      } = flags;
      const { work } = await import('../queue/worker.ts');
      try {
        await work({
          url,
          slots,
          pipelines: pipeline,
          heartbeat,
          drain,
          signal,
          logger,
          ...(idle === undefined ? {} : { idle }),
          ...(patience === undefined ? {} : { connectTimeout: patience }),
        });
      } finally {
        release();
        mortal();
      }
    });
  addLogOption(command);
  return command;
}

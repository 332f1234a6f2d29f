import { summary } from '../report/terminal.ts';
import type { RunOptions, RunResult } from '../run.ts';
import { Interrupted, interruptible } from './interrupt.ts';
import { createLogger } from './log.ts';
import { createProgress } from './progress.ts';
import { shownPath } from './shown-path.ts';

export interface ExecutionFlags {
  readonly workers?: number;
  readonly maxTime?: number;
  readonly progress: string;
  readonly logLevel: string;
}

/** Runs with progress, log and interrupts, then prints what came out. */
export async function supervise(
  flags: ExecutionFlags,
  start: (options: Pick<RunOptions, 'signal' | 'onSnapshot' | 'logger' | 'maxTime'>) => Promise<RunResult>,
): Promise<void> {
  const logger = createLogger(flags.logLevel);
  const progress = createProgress(flags.progress);
  const { signal, release } = interruptible(() => {
    progress.stop();
    logger.warn('interrupted: putting the run in order (once more to stop at once)');
  });
  try {
    const result = await start({
      signal,
      logger,
      onSnapshot: (snapshot) => progress.show(snapshot),
      ...(flags.maxTime === undefined ? {} : { maxTime: flags.maxTime }),
    });
    progress.stop();
    const folder = result.folder === undefined ? undefined : shownPath(result.folder);
    if (result.summaries.length > 0 || result.files.length > 0)
      console.log(summary({ ...result, folder }, { color: process.stdout.isTTY && !process.env.NO_COLOR }));
    if (result.status === 'partial') {
      if (folder !== undefined) process.stderr.write(`crackle: interrupted; go on with: crackle resume ${folder}\n`);
      throw new Interrupted();
    }
  } finally {
    progress.stop();
    release();
  }
}

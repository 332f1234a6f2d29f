import { ParameterError } from '../error.ts';
import { nowAndThen } from '../garbage.ts';
import type { RunOptions, RunResult, Snapshot } from '../run/options.ts';
import { readAnyManifest } from '../store/any-dataset.ts';
import { endingOf, followLive } from './follow-live.ts';
import { Interrupted, interruptible, outliveTerminal } from './interrupt.ts';
import { createLogger } from './log.ts';
import { createProgress } from './progress.ts';
import { pathWord, shownPath } from './shown-path.ts';
import { terminal } from './terminal.ts';
import { keepYoungGenerations, optimiseNoMore, ownCollector } from './tune-v8.ts';

export interface ExecutionFlags {
  readonly workers?: number;
  readonly maxTime?: number;
  readonly partitionTimeout?: number;
  /** Its URL; true: that of the environment. */
  readonly queue?: string | true;
  readonly connectTimeout?: number;
  readonly priority?: number;
  readonly figures?: boolean;
  readonly progress: string;
  readonly logLevel: string;
  /** A page that follows the run. */
  readonly live?: boolean;
}

/** The queue that flags name, its URL by the environment where they don't: what stands in flags is shown by `ps`. */
function queueOf(flags: ExecutionFlags): Pick<RunOptions, 'queue'> {
  const { queue, priority, connectTimeout } = flags;
  if (queue === undefined) {
    for (const [name, value] of Object.entries({ priority, 'connect-timeout': connectTimeout }))
      if (value !== undefined) throw new ParameterError(`${name} is of a run in a queue: give --queue, too`);
    return {};
  }
  const url = queue === true ? process.env.CRACKLE_QUEUE : queue;
  if (url === undefined) throw new ParameterError('queue needs a URL, or CRACKLE_QUEUE in the environment');
  return { queue: { url, priority: priority ?? 0, ...(connectTimeout === undefined ? {} : { connectTimeout }) } };
}

/** Milliseconds. This thread waits for others most of the time. */
const tidyEvery = 1000;

const whatIsLeft = {
  simulating: 'putting the run in order',
  fitting: 'all is simulated, the fits go on; figures are left out',
  drawing: 'the run is done but for figures and page, which go on',
};

/**
 * Runs with progress, log and interrupts, and prints what was found once it is, then where it all is.
 * @param title what runs, for the page that follows it
 * @param pipelineFile a user's own, to be named again when the run goes on
 */
export async function supervise(
  flags: ExecutionFlags,
  title: string,
  start: (
    options: Pick<
      RunOptions,
      'signal' | 'onSnapshot' | 'onFound' | 'logger' | 'maxTime' | 'partitionTimeout' | 'queue'
    >,
  ) => Promise<RunResult>,
  pipelineFile?: string,
): Promise<void> {
  const queue = queueOf(flags);
  const logger = await createLogger(flags.logLevel, flags.progress === 'json');
  const progress = await createProgress(flags.progress);
  let stage: Snapshot['stage'];
  const tidy = nowAndThen(ownCollector(), tidyEvery);
  const { signal, release, interrupt } = interruptible(() => {
    progress.stop();
    logger.warn(`interrupted: ${whatIsLeft[stage ?? 'simulating']} (once more to stop at once)`);
  });
  const stop = (): void => {
    if (!signal.aborted) interrupt();
  };
  const live = flags.live === true ? await followLive(flags, title, stop) : undefined;
  // It writes elsewhere, and `crackle live` has a button that stops it.
  const mortal = outliveTerminal();
  let ending = 'the run failed: its terminal says why';
  let told = false;
  try {
    const result = await start({
      signal,
      logger,
      onSnapshot: (snapshot) => {
        if (snapshot.stage !== 'drawing') keepYoungGenerations();
        if (snapshot.stage === undefined) tidy();
        if (snapshot.stage === 'drawing') optimiseNoMore();
        ({ stage } = snapshot);
        progress.show(snapshot);
        live?.show(snapshot);
      },
      onFound: async (summaries) => {
        const { summary } = await import('../report/terminal.ts');
        const text = summary({ summaries }, terminal());
        if (text === '') return;
        told = true;
        progress.above(() => console.log(text));
      },
      ...(flags.maxTime === undefined ? {} : { maxTime: flags.maxTime }),
      ...(flags.partitionTimeout === undefined ? {} : { partitionTimeout: flags.partitionTimeout }),
      ...queue,
    });
    progress.stop();
    const folder = result.folder === undefined ? undefined : shownPath(result.folder);
    ending = endingOf(result, folder);
    if (result.summaries.length > 0 || result.files.length > 0) {
      const { summary } = await import('../report/terminal.ts');
      const text = summary({ ...result, ...(told ? { summaries: [] } : {}), folder }, terminal());
      if (!told) console.log(text);
      else if (text !== '') console.log(`\n${text}`);
    }
    const own = pipelineFile === undefined ? '' : ` --pipeline ${pathWord(pipelineFile)}`;
    if (result.status === 'partial') {
      const why = signal.aborted ? 'interrupted' : 'out of time (--max-time), what there is was kept';
      if (result.folder !== undefined)
        process.stderr.write(`crackle: ${why}; go on with: crackle resume ${pathWord(result.folder)}${own}\n`);
      throw new Interrupted();
    }
    const undrawn = result.files.includes('findings.json') && !result.files.includes('report.html');
    if (signal.aborted && undrawn && (flags.figures ?? (await readAnyManifest(result.folder!)).figures) !== false)
      process.stderr.write(
        `crackle: complete but for figures and page; draw them with: crackle report ${folder}${own}\n`,
      );
  } catch (error) {
    throw signal.aborted && error === signal.reason ? new Interrupted() : error;
  } finally {
    await live?.end(ending);
    progress.stop();
    release();
    mortal();
  }
}

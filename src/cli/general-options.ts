import { type Command, InvalidArgumentError, Option } from 'commander';
import { decimal } from '../decimal.ts';
import { ParameterError } from '../error.ts';
import type { Shard } from '../run/split.ts';

/**
 * A reader of `90`, `90s`, `10m`, `2h`, `1d` as seconds.
 * @param name of the option, for the ParameterError that it throws for another word
 */
export const duration =
  (name: string) =>
  (word: string): number => {
    const match = /^(\d+(?:\.\d+)?)(s|m|h|d)?$/.exec(word.trim());
    const seconds =
      match === null ? Number.NaN : Number(match[1]) * { s: 1, m: 60, h: 3600, d: 86400 }[match[2] ?? 's']!;
    if (!(seconds > 0)) throw new ParameterError(`${name} must be a time such as 90s, 10m or 2h, got ${word}`);
    return seconds;
  };

/**
 * A reader of integers.
 * @param name of the option, for the ParameterError that it throws for another word
 */
export function wholeNumber(name: string, least: number): (word: string) => number {
  return (word) => {
    const value = decimal(word);
    if (value === undefined || !Number.isSafeInteger(value) || value < least) {
      const isUncounted = value !== undefined && Number.isInteger(value) && value > least;
      throw new ParameterError(
        `${name} must be an integer of at least ${least}, got ${word}${isUncounted ? `, beyond ${Number.MAX_SAFE_INTEGER}` : ''}`,
      );
    }
    return value;
  };
}

/** `--seed`, for every command that computes. */
export function addSeedOption(command: Command): void {
  command.option('--seed <integer>', 'seed of all random streams', wholeNumber('seed', 0), 1);
}

/** `--workers` and `--progress`, for every command that computes for long. */
export function addThreadOptions(command: Command): void {
  command
    .option(
      '--workers <integer>',
      'worker threads (default: one a core; four a core at most)',
      wholeNumber('workers', 1),
    )
    .addOption(new Option('--progress <kind>', 'progress on stderr').choices(['auto', 'json', 'none']).default('auto'));
}

/** `--connect-timeout`, for whoever works on a queue. */
export const connectTimeout = (): Option =>
  new Option(
    '--connect-timeout <time>',
    "time to wait for a queue's server that isn't there yet (default: 5s where it refuses connections)",
  ).argParser(duration('connect-timeout'));

/** What stands behind `--queue` is a URL, and no word that it was put before. */
function queueUrl(word: string): string {
  if (word.includes(':')) return word;
  throw new ParameterError(
    `queue must be redis://… or rediss://…, or stand last or before another flag to be that of CRACKLE_QUEUE, got ${word}`,
  );
}

/** `--workers`, `--max-time`, `--progress`, `--log-level`: how to run, never what comes out. */
export function addExecutionOptions(command: Command): void {
  addThreadOptions(command);
  command
    .option(
      '--max-time <time>',
      'stop after this time with what there is, resumable: 90s, 10m, 2h; a number alone is seconds',
      duration('max-time'),
    )
    .option(
      '--partition-timeout <time>',
      'replace a worker that is at a partition for longer, and try it again, three times in all',
      duration('partition-timeout'),
    )
    .addOption(
      new Option(
        '--queue [url]',
        'let the workers of a queue (crackle worker) do the work: redis://… or rediss://…; without a URL that of $CRACKLE_QUEUE',
      ).argParser(queueUrl),
    )
    .option('--priority <integer>', 'of this run in its queue: higher is served first', wholeNumber('priority', 0))
    .addOption(connectTimeout())
    .option('--live', 'serve a page that follows the run, for this machine only; its address is printed');
  addLogOption(command);
}

/** `--log-level`, for every command that tells what it does. */
export function addLogOption(command: Command): void {
  command.addOption(
    new Option('--log-level <level>', 'least severe log line shown on stderr')
      .choices(['debug', 'info', 'warn', 'error', 'silent'])
      .default('info'),
  );
}

/** Reads `2/8`. @throws ParameterError for another word */
export function parseShard(word: string): Shard {
  const match = /^(\d+)\/(\d+)$/.exec(word.trim());
  if (match === null) throw new ParameterError(`shard must be one of 1/n to n/n, such as 2/8, got ${word}`);
  return { index: Number(match[1]), of: Number(match[2]) };
}

/** Splits `a,b` into names; for `--record`. */
export function parseNames(word: string): string[] {
  const names = word.split(',').map((name) => name.trim());
  if (names.some((name) => name === '')) throw new InvalidArgumentError('expected names separated by commas');
  return names;
}

/** Adds the flag that lets several builds of crackle compute one run. */
export function addAnyBuildOption(command: Command): void {
  command.option('--any-build', 'take what another build of the same version of crackle has computed');
}

/** The flag that names a user's pipeline for a run folder: a folder is data, and its code runs only where it is named. */
export function addPipelineOption(command: Command): void {
  command.option(
    '--pipeline <file>',
    "the file of the run's pipeline, where it is your own: a run folder names it, but starts no code",
  );
}

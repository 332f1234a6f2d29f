import { ParameterError } from '../error.ts';

/**
 * Seconds between signs of life. Where they come faster than a server answers, every worker is taken for dead; timers hold no more than 24 days.
 * @throws ParameterError below 0.1 and above 3600
 */
export function heartbeatOf(seconds = 5): number {
  if (seconds >= 0.1 && seconds <= 3600) return seconds;
  throw new ParameterError(`heartbeat must be between 0.1 s and an hour, got ${seconds} s`);
}

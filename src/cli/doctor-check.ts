import { messageOf } from '../error.ts';

/** One thing that crackle uses. */
export interface Check {
  readonly name: string;
  readonly state: 'present' | 'missing' | 'optional' | 'failed';
  /** What was found, or why it wasn't. */
  readonly detail: string;
  /** How to get what is missing. */
  readonly advice?: string;
}

/** What the speed of a backend is of. */
export const LAYERS = 'GFLOP/s for 128 rows through layers of 512';

/** What an error says is missing, then how to get it. */
export function lacking(name: string, error: unknown): Check {
  const [detail, ...advice] = messageOf(error).split('; ');
  const rest = advice.length > 0 ? { advice: advice.join('; ') } : {};
  return { name, state: 'optional', detail: detail!, ...rest };
}

import { availableParallelism } from 'node:os';
import { processorTime } from './processor-time.ts';

/** The share of a thread's time that it is given at most: a heap with much in it takes long to search. */
const share = 0.01;

/** Milliseconds that this process has had all cores for: it stands still while others have them, or there is nothing to do. */
const worked = (): number => processorTime() / availableParallelism();

/**
 * Has garbage collected now and then. V8 lets that of a heap that hardly grows lie for a minute or more, and the process grows by it.
 * @param collect V8's own `gc`; undefined does nothing
 * @param every milliseconds between two on all cores, at least
 * @returns what is called as often as one likes
 */
export function nowAndThen(collect: (() => void) | undefined, every: number): () => void {
  if (collect === undefined) return () => {};
  let next = worked() + every;
  let notBefore = 0;
  return () => {
    const began = performance.now();
    if (began < notBefore || worked() < next) return;
    collect();
    const ended = performance.now();
    notBefore = ended + (ended - began) / share;
    next = worked() + every;
  };
}

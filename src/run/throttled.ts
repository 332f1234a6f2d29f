/**
 * `act`, done only where it was last done `every` milliseconds ago or longer, and so seldom that it takes no more than a share of the time.
 */
export function throttled(every: number, act: () => void, share = 1): () => void {
  let next = Number.NEGATIVE_INFINITY;
  return () => {
    const began = performance.now();
    if (began < next) return;
    act();
    const done = performance.now();
    next = done + Math.max(every, (done - began) / share);
  };
}

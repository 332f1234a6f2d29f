/**
 * How many times as long `threads` threads of this process take as they would on cores of their own: of the time since it was made, what they got.
 * At least 1, at most 8: threads that wait are no sign of others.
 */
export function loadSince(threads: number, now: () => number = () => performance.now()): () => number {
  const began = now();
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    const got = (user + system) / 1000;
    const wall = now() - began;
    return wall < 1000 ? 1 : Math.min(8, Math.max(1, (threads * wall) / got));
  };
}

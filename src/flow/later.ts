/** The longest that Node's timers wait: 24.8 days. What is longer fires at once. */
const longest = 2 ** 31 - 1; // ms

/** Does something once, after any number of seconds; keeps no process alive. Gives what calls it off. */
export function later(seconds: number, act: () => void): () => void {
  let timer: NodeJS.Timeout;
  const wait = (left: number): void => {
    const step = Math.min(left, longest);
    timer = setTimeout(() => (left > step ? wait(left - step) : act()), step);
    timer.unref?.();
  };
  wait(Math.ceil(seconds * 1000));
  return () => clearTimeout(timer);
}

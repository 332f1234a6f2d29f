/** Milliseconds that Dawn may ask without pause: of a card, which answers what is small before a timer would, and of what takes the time of this thread's cores. */
const AT_ONCE = { card: 20, software: 0.3 } as const;
/** Milliseconds between questions after those. */
const PAUSE = 1;

let atOnce: number = AT_ONCE.card;

/** Callbacks that a native module made: V8 prints them so, and bound functions, which it prints alike, have no `prototype`. */
const isNative = (callback: unknown): boolean =>
  typeof callback === 'function' &&
  callback.name === '' &&
  Object.hasOwn(callback, 'prototype') &&
  Function.prototype.toString.call(callback) === 'function () { [native code] }';

/**
 * Has Dawn pause between questions. As long as anything is waited for, it asks its instance for news by `setImmediate`, over and over, which takes a
 * whole core. From now on a timer stands in for this thread's `setImmediate` where a native callback asks for long; for all others it is as it was.
 */
export function pacePolls(): void {
  const { setImmediate: immediate, setTimeout: later } = globalThis;
  let asking = false;
  let since = 0;
  const ask = (question: () => void): void => {
    asking = true;
    try {
      question();
    } finally {
      asking = false;
    }
  };
  const paced = (callback: (...words: unknown[]) => void, ...words: unknown[]): unknown => {
    if (!isNative(callback)) return immediate(callback, ...words);
    const now = performance.now();
    // Out of a question comes the next one of the same wait.
    if (!asking) since = now;
    return now - since < atOnce ? immediate(ask, callback) : later(ask, PAUSE, callback);
  };
  globalThis.setImmediate = Object.defineProperties(
    paced,
    Object.getOwnPropertyDescriptors(immediate),
  ) as typeof setImmediate;
}

/** Says what is waited for: a card, or a program on the processor that stands in for one. */
export function paceFor(software: boolean): void {
  atOnce = AT_ONCE[software ? 'software' : 'card'];
}

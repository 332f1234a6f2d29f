import { setFlagsFromString } from 'node:v8';

/** What V8 optimises by, four to six times its default, by the major version: those that it was measured with. */
const flags: Readonly<Record<string, string>> = {
  11: '--interrupt-budget=400000',
  12: '--invocation-count-for-turbofan=12000',
  13: '--invocation-count-for-turbofan=12000',
};

/**
 * Has V8 wait for longer than it would before it optimises a function, in all threads of this process. The long loops of a run are WebAssembly;
 * beside them there is much JavaScript that runs for a short time, and compiling it takes more than it gains. A version that isn't known is left as
 * it is, since V8 tells of a flag that it hasn't got.
 */
export function optimiseLater(): void {
  const flag = flags[process.versions.v8?.split('.')[0] ?? ''];
  if (flag === undefined) return;
  try {
    setFlagsFromString(flag);
  } catch {
    // A runtime that isn't Node, and says it has that V8.
  }
}

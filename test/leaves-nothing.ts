import { afterAll, expect, vi } from 'vitest';

/**
 * Files of one process come in any order and company. What one leaves behind in the process, another would see: this fails the file that does. A setup file,
 * which runs anew with each.
 */

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR2'];
/** What crackle tells libraries that it loads, once and for all. */
const told = ['TF_CPP_MIN_LOG_LEVEL', 'AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED', 'TSX_DISABLE_CACHE'];

const seen = (): Map<string, unknown> =>
  new Map<string, unknown>([
    ['the current folder', process.cwd()],
    ['the mask of new files', process.umask()],
    ['process.exitCode', process.exitCode],
    ['faked timers', vi.isFakeTimers()],
    ...Object.entries(process.env)
      .filter(([name]) => !told.includes(name))
      .map(([name, value]) => [`process.env.${name}`, value] as const),
    ...signals.map((event) => [`listeners of ${event}`, process.listenerCount(event)] as const),
    ...(['stdout', 'stderr'] as const).map((name) => [`process.${name}.write`, process[name].write] as const),
    ...(['log', 'info', 'warn', 'error'] as const).map((name) => [`console.${name}`, console[name]] as const),
  ]);

const before = seen();

afterAll(() => {
  const after = seen();
  const changed = [...new Set([...before.keys(), ...after.keys()])].filter(
    (what) => after.get(what) !== before.get(what),
  );
  expect(changed, 'what a file left changed in its process').toEqual([]);
});

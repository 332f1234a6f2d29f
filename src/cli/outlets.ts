import { closeSync } from 'node:fs';
import { isatty } from 'node:tty';
import { storeError } from '../store/file.ts';

/** Codes of a reader that went away, or of a terminal that was closed. */
const gone = new Set(['EPIPE', 'EIO', 'ECONNRESET', 'ERR_STREAM_DESTROYED', 'ENXIO']);

/**
 * Keeps what becomes of stdout and stderr from ending a run that writes elsewhere. Where nobody reads stderr any more, nothing is lost but progress
 * and log. A reader that leaves stdout (`crackle list | head`) is no error either; a full device there is one, exit code 2.
 */
export function guardOutlets(): void {
  leaveClosedTerminals();
  let told = false;
  process.stderr.on('error', () => {});
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // A table that is streamed there has a listener of its own, who says more.
    if (told || process.stdout.listenerCount('error') > 1 || gone.has(error.code ?? '')) return;
    told = true;
    process.exitCode = 2;
    process.stderr.write(`crackle: ${storeError('write', 'the standard output', error).message}\n`);
  });
}

/** Node aborts at its end where it can't set back a terminal that was closed meanwhile, unless the descriptor is closed, too. */
function leaveClosedTerminals(): void {
  const terminals = [0, 1, 2].filter((descriptor) => isatty(descriptor));
  process.on('exit', () => {
    for (const descriptor of terminals) if (!isatty(descriptor)) closeSync(descriptor);
  });
}

/** What Windows has in place of signals (NTSTATUS). */
const statuses: Readonly<Record<number, string>> = {
  3221225477: 'access violation',
  3221225501: 'illegal instruction',
  3221225725: 'stack overflow',
  3221226356: 'damaged heap',
  3221226505: 'abort',
};

/** How a process ended, in words. @param code and signal as `exit` of a child process gives them */
export function endOf(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal !== null) return `by signal ${signal}`;
  const unsigned = (code ?? 0) >>> 0;
  if (unsigned < 0xc0000000) return `with exit code ${unsigned}`;
  const status = statuses[unsigned];
  return `with exit code 0x${unsigned.toString(16).toUpperCase()}${status === undefined ? '' : ` (${status})`}`;
}

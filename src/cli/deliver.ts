/**
 * Prints a result, then writes its files, each of them though another fails: a full disk costs no fit that took hours.
 * @throws the first error of a file that couldn't be written
 */
export async function deliver(text: string, ...files: (() => Promise<void>)[]): Promise<void> {
  process.stdout.write(text);
  const written = await Promise.allSettled(files.map((write) => write()));
  for (const outcome of written) if (outcome.status === 'rejected') throw outcome.reason;
}

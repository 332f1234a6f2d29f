/** Requests that are under way at the same time. */
export const atOnce = 4;

/** Does something for each of several things, a few of them at once; rejects with the first failure, once nothing is under way. */
export async function severalAtOnce<T>(all: readonly T[], act: (one: T) => Promise<void>): Promise<void> {
  let next = 0;
  let failure: { readonly error: unknown } | undefined;
  const worker = async (): Promise<void> => {
    while (next < all.length && failure === undefined) {
      try {
        await act(all[next++]!);
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  if (failure !== undefined) throw failure.error;
}

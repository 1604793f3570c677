/**
 * Runs `work` for each item, one after the other. If it fails for one item, it still runs for the next ones.
 * @throws the first error, after the last item; at once if the signal has fired
 */
export async function tryEach<T>(items: AsyncIterable<T>, work: (item: T) => Promise<void>, signal: AbortSignal): Promise<void> {
  let failure: { error: unknown } | undefined;
  for await (const item of items) {
    signal.throwIfAborted();
    try {
      await work(item);
    } catch (error) {
      signal.throwIfAborted();
      failure ??= { error };
    }
  }
  if (failure !== undefined) throw failure.error;
}

/**
 * Calls something that works on at most `slice` rows at a time, until a call finds fewer. A job does so with what one transaction must not hold.
 * @param run returns how many rows it has worked on
 * @throws what `signal` says when it is aborted between two calls
 */
export async function inSlices(slice: number, signal: AbortSignal, run: () => Promise<number>): Promise<void> {
  for (let found = slice; found === slice; ) {
    signal.throwIfAborted();
    found = await run();
  }
}

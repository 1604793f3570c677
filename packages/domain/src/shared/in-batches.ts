/** Maximum number of items in one batch, unless the caller sets another. */
const MOST_AT_ONCE = 256;

interface Waiting<I, R> {
  item: I;
  resolve: (result: R) => void;
  reject: (error: unknown) => void;
}

/**
 * Processes items in batches, one batch at a time. Items that arrive meanwhile go into the next batch, oldest first. So any number of
 * requests uses only one database connection, and no item waits for more than a few batches.
 * @param run processes a batch and returns the results in the order of the items
 * @param mostAtOnce maximum number of items in one batch
 * @returns a function that submits one item; its promise rejects with what its batch threw
 */
export function inBatches<I, R>(run: (items: readonly I[]) => Promise<readonly R[]>, mostAtOnce = MOST_AT_ONCE): (item: I) => Promise<R> {
  let waiting: Waiting<I, R>[] = [];
  let isRunning = false;

  /** This promise never rejects. */
  const runAll = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, mostAtOnce);
      waiting = waiting.slice(mostAtOnce);
      try {
        const results = await run(batch.map(({ item }) => item));
        for (const [i, { resolve }] of batch.entries()) resolve(results[i]!);
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    isRunning = false;
  };

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (isRunning) return;
      isRunning = true;
      // Deferred, so that items submitted in the same turn of the event loop share a batch.
      queueMicrotask(() => void runAll());
    });
}

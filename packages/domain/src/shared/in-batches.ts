/** Items of one batch at most. */
const MOST_AT_ONCE = 256;

interface Waiting<I, R> {
  item: I;
  resolve: (result: R) => void;
  reject: (error: unknown) => void;
}

/**
 * Does a kind of work in batches, one at a time: what comes meanwhile is done together next, the oldest first. So however
 * much of it strangers ask for, one connection of the database is taken, and nobody waits for more than a few batches.
 * @param run does the items of a batch. @returns their results, in their order
 * @returns submits one item; it rejects with what its batch threw
 */
export function inBatches<I, R>(run: (items: readonly I[]) => Promise<readonly R[]>): (item: I) => Promise<R> {
  let waiting: Waiting<I, R>[] = [];
  let isRunning = false;

  /** Never rejects. */
  const runAll = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, MOST_AT_ONCE);
      waiting = waiting.slice(MOST_AT_ONCE);
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
      // What comes in the same turn is done together.
      queueMicrotask(() => void runAll());
    });
}

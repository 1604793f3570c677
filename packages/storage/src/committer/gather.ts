import type { GroupCommitter } from './group-committer.ts';

/** So many deserve a transaction of their own. */
const ENOUGH = 8;

/**
 * Lets items come to a committer at the earliest so long after those before, all that came meanwhile at once, in their order; a
 * turn of the event loop's, and as many as are worth a transaction, do not wait. Nobody waits where little is done.
 *
 * For a process that is not the only one to commit: of two, each has half of the items and would begin as many transactions as
 * one that has them all, and most of what a small transaction costs is the transaction itself.
 * @param restMs the longest that an item waits here, in milliseconds
 */
export function gather<I, R>(committer: GroupCommitter<I, R>, restMs: number): GroupCommitter<I, R> {
  let held: (() => void)[] = [];
  let timer: NodeJS.Timeout | undefined;
  let isOpen = false;
  let isDraining = false;
  let lastMs = -Infinity;

  const close = (): void => {
    isOpen = false;
    lastMs = performance.now();
  };
  const release = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const all = held;
    held = [];
    if (!isOpen) setImmediate(close);
    isOpen = true;
    for (const pass of all) pass();
  };
  const drain = (): Promise<void> => {
    isDraining = true;
    release();
    return committer.drain();
  };

  return {
    get pending() {
      return committer.pending + held.length;
    },
    submit(item) {
      if (isOpen || isDraining) return committer.submit(item);
      // Not the domain's clock: like the turns of the event loop this is how work is cut, not when something happens.
      const leftMs = lastMs + restMs - performance.now();
      if (held.length === 0 && leftMs <= 0) {
        release();
        return committer.submit(item);
      }
      return new Promise((resolve, reject) => {
        held.push(() => void committer.submit(item).then(resolve, reject));
        if (held.length >= ENOUGH) release();
        else timer ??= setTimeout(release, leftMs);
      });
    },
    drain,
    [Symbol.asyncDispose]: drain,
  };
}

import { getHeapStatistics, setFlagsFromString } from 'node:v8';

/** Bigger heaps are left to V8's own rule. */
const SMALL_HEAP_BYTES = 64 * 1024 * 1024;
/** By how much a small one grows between two full collections, in percent. */
const SMALL_HEAP_GROWTH = 100;
const LOOK_EVERY_MS = 10_000;

/** By how much a heap of that size should grow between two full collections, in percent; 0 is V8's own rule. */
export function heapGrowthOf(usedBytes: number): number {
  return usedBytes < SMALL_HEAP_BYTES ? SMALL_HEAP_GROWTH : 0;
}

/**
 * Lets a small heap grow to twice its size before all of it is collected. A process that allocates little for its core
 * V8 lets grow by a tenth: at 900 sends a second it collects everything every 1.5 seconds, and each time keeps whoever
 * sends waiting for 10 to 30 ms.
 *
 * And lets it grow by what lasts only: where objects of one place in the code have outlived a collection or two, V8 makes the
 * next ones old at once. Here these are lists of an answer, needed for milliseconds; once old they stay, and so does all
 * that hangs on them, until everything is collected.
 */
export function keepHeapRoom(): void {
  setFlagsFromString('--no-allocation-site-pretenuring');
  const look = (): void => setFlagsFromString(`--heap-growing-percent=${heapGrowthOf(getHeapStatistics().used_heap_size)}`);
  look();
  setInterval(look, LOOK_EVERY_MS).unref();
}

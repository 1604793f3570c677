import { getHeapStatistics, setFlagsFromString } from 'node:v8';

/** For larger heaps V8's own rule applies. */
const SMALL_HEAP_BYTES = 64 * 1024 * 1024;
/** By how much a small heap may grow between two full collections, in percent. */
const SMALL_HEAP_GROWTH = 100;

const LOOK_EVERY_MS = 10_000;

/** By how much a heap of this size should grow between two full collections, in percent; 0 means V8's own rule. */
export function heapGrowthOf(usedBytes: number): number {
  return usedBytes < SMALL_HEAP_BYTES ? SMALL_HEAP_GROWTH : 0;
}

/**
 * Lets a small heap grow to twice its size before a full collection. V8 lets the heap of a process that allocates slowly grow by a tenth
 * only: at 900 sends a second it does a full collection every 1.5 seconds, and each delays sends by 10 to 30 ms.
 *
 * Also disables pretenuring: if objects from one place in the code have survived a collection or two, V8 allocates later ones directly in
 * the old space. Here these are lists for an answer, needed for milliseconds; in the old space they stay, with everything they reference,
 * until a full collection.
 */
export function keepHeapRoom(): void {
  setFlagsFromString('--no-allocation-site-pretenuring');
  const look = (): void => setFlagsFromString(`--heap-growing-percent=${heapGrowthOf(getHeapStatistics().used_heap_size)}`);
  look();
  setInterval(look, LOOK_EVERY_MS).unref();
}

import type { MessageId } from '../protocol/index.ts';

/** Messages in one call. */
const CALL_MAX = 100;

/** Ids in the order of the messages, in portions that the server takes. Pure. */
export function portions(ids: readonly MessageId[]): MessageId[][] {
  const sorted = [...ids].sort((first, second) => first - second);
  return Array.from({ length: Math.ceil(sorted.length / CALL_MAX) }, (_, index) => sorted.slice(index * CALL_MAX, (index + 1) * CALL_MAX));
}

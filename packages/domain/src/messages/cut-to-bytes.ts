import { bytesOfRow, type MessageRow } from '../events/index.ts';

/** Approximate maximum size of the stored rows in one answer, in bytes. An answer always has at least one message. */
export const ANSWER_BYTES = 2 * 1024 * 1024;

/**
 * Cuts a page of messages to {@link ANSWER_BYTES}. It keeps the messages next to the offset, so that the client can continue from them.
 * Pure.
 * @param rows newest first
 * @param offsetId messages with this id or a higher one are newer than the offset; 0 if the page starts at the newest message
 */
export function cutToBytes<T extends MessageRow>(rows: readonly T[], offsetId: number): readonly T[] {
  const bytes = rows.map(bytesOfRow);
  if (bytes.reduce((sum, one) => sum + one, 0) <= ANSWER_BYTES) return rows;
  const middle = offsetId > 0 ? rows.filter((row) => row.msg_id >= offsetId).length : 0;
  let [begin, end, left] = [middle, middle, ANSWER_BYTES];
  while (begin > 0 || end < rows.length) {
    // Alternates between the next older and the next newer message.
    const isOlder = end < rows.length && (end - middle <= middle - begin || begin === 0);
    left -= bytes[isOlder ? end : begin - 1]!;
    if (left < 0 && end > begin) break;
    if (isOlder) end++;
    else begin--;
  }
  return rows.slice(begin, end);
}

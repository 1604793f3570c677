import { bytesOfRow, type MessageRow } from '../events/index.ts';

/** Most bytes of stored rows in one answer, more or less: an answer has one message at least. */
export const ANSWER_BYTES = 2 * 1024 * 1024;

/**
 * Cuts a window of messages to what one answer may hold, and keeps those next to the offset, so that the client goes on from there. Pure.
 * @param rows newest first
 * @param offsetId messages from this id on are newer than the offset; 0: the window begins at the newest message
 */
export function cutToBytes(rows: readonly MessageRow[], offsetId: number): readonly MessageRow[] {
  const bytes = rows.map(bytesOfRow);
  if (bytes.reduce((sum, one) => sum + one, 0) <= ANSWER_BYTES) return rows;
  const middle = offsetId > 0 ? rows.filter((row) => row.msg_id >= offsetId).length : 0;
  let [begin, end, left] = [middle, middle, ANSWER_BYTES];
  while (begin > 0 || end < rows.length) {
    // The older message, then the newer one, and so on.
    const isOlder = end < rows.length && (end - middle <= middle - begin || begin === 0);
    left -= bytes[isOlder ? end : begin - 1]!;
    if (left < 0 && end > begin) break;
    if (isOlder) end++;
    else begin--;
  }
  return rows.slice(begin, end);
}

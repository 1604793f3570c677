/** A file is pushed to a node in windows of this many bytes; a part that a client asks for never crosses the end of one. */
export const WINDOW_BYTES = 1024 * 1024;

/** The largest window index: TL offsets are 64 bits long, but the counter of the cipher has 32 bits and counts blocks of 16 bytes. */
export const MAX_WINDOW = 2 ** 36 / WINDOW_BYTES - 1;

/** Length of one window of a file, in bytes; 0 if the file ends before it. @param size of the file in bytes */
export function windowLength(size: number, window: number): number {
  return Math.max(0, Math.min(WINDOW_BYTES, size - window * WINDOW_BYTES));
}

/** A part of one window. */
export interface PartOfWindow {
  window: number;
  /** First byte, counted from the beginning of the window. */
  from: number;
  /** Number of bytes; 0 at and after the end of the file. */
  length: number;
}

const STEP_BYTES = 4096;

/**
 * Finds the window that has the part that a client asks for. Aligned parts that divide a window never cross its end.
 * @returns the name of the argument that breaks the rules of upload.getCdnFile, or the part, cut off at the end of the file
 * @see https://core.telegram.org/cdn#getting-files-from-a-cdn
 */
export function locatePart(offset: bigint, limit: number, size: number): PartOfWindow | 'limit' | 'offset' {
  if (limit <= 0 || limit > WINDOW_BYTES || limit % STEP_BYTES !== 0 || WINDOW_BYTES % limit !== 0) return 'limit';
  if (offset < 0n || offset >= BigInt(MAX_WINDOW + 1) * BigInt(WINDOW_BYTES) || offset % BigInt(STEP_BYTES) !== 0n) return 'offset';
  const first = Number(offset);
  const from = first % WINDOW_BYTES;
  if (from + limit > WINDOW_BYTES) return 'offset';
  return { window: Math.floor(first / WINDOW_BYTES), from, length: Math.max(0, Math.min(limit, size - first)) };
}

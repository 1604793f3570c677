/** The longest wait that an answer may ask for, in seconds. */
const RETRY_AFTER_MAX = 3600;

/**
 * How long an answer asks to be left alone, in seconds; 0 if it does not. Only 429 and 503 may, for at most an hour. Pure.
 * @param header `Retry-After`, in seconds
 */
export function readRetryAfter(status: number, header: string | undefined): number {
  if ((status !== 429 && status !== 503) || header === undefined || !/^\d{1,9}$/.test(header.trim())) return 0;
  const seconds = Number(header);
  return seconds <= RETRY_AFTER_MAX ? seconds : 0;
}

import type { Random } from '@aerogram/runtime';

/** The longest wait that an answer may ask for, in seconds. */
const RETRY_AFTER_MAX = 3600;

/** From the first to the last of the longest pauses, in milliseconds: they differ, so that not all queues of a webhook come back at once. */
const LONGEST_MS = [60_000, 120_000] as const;

/** For how long a webhook may answer that it is gone before it is removed, in seconds. */
const GONE_S = 23 * 3600;

/**
 * How long to wait before the next attempt, in milliseconds: not at all after the first failure, then 2, 4, 8, 16, 32 seconds, then 60 to 120.
 * @param failures number of failures so far, from 1
 */
export function retryDelayMs(failures: number, random: Random): number {
  if (failures <= 1) return 0;
  const doubled = 2 ** (Math.min(failures, 20) - 1) * 1000;
  const [least, most] = LONGEST_MS;
  return doubled < least ? doubled : least + (random.uint31() % (most - least + 1));
}

/**
 * How long an answer asks to be left alone, in seconds; 0 if it does not. Only 429 and 503 may, for at most an hour. Pure.
 * @param header `Retry-After`, in seconds
 */
export function readRetryAfter(status: number, header: string | undefined): number {
  if ((status !== 429 && status !== 503) || header === undefined || !/^\d{1,9}$/.test(header.trim())) return 0;
  const seconds = Number(header);
  return seconds <= RETRY_AFTER_MAX ? seconds : 0;
}

/** Whether a webhook that has answered 410 since a date, in Unix seconds, is to be removed. Pure. */
export function isGoneForGood(goneSince: number, nowDate: number): boolean {
  return goneSince > 0 && nowDate - goneSince >= GONE_S;
}

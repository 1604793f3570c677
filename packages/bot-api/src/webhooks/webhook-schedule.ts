import type { Random } from '@aerogram/runtime';

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

/** Whether a webhook that has answered 410 since a date, in Unix seconds, is to be removed. Pure. */
export function isGoneForGood(goneSince: number, nowDate: number): boolean {
  return goneSince > 0 && nowDate - goneSince >= GONE_S;
}

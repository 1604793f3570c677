import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

/** Maximum age in years; nobody has ever lived this long. */
const YEARS_MAX = 150;

/**
 * Checks that a birthday exists in the calendar, is not in the future and is at most {@link YEARS_MAX} years ago. Without a year, 29
 * February is valid.
 * @param nowDate unix seconds
 * @throws RpcError 400 BIRTHDAY_INVALID
 */
export function checkBirthday({ day, month, year }: tl.birthday, nowDate: number): void {
  const now = new Date(nowDate * 1000);
  const leapYear = 2000;
  const date = new Date(Date.UTC(year ?? leapYear, month - 1, day));
  const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && month >= 1 && month <= 12;
  if (!exists) throw rpcError('BIRTHDAY_INVALID');
  if (year === undefined) return;
  if (year < now.getUTCFullYear() - YEARS_MAX || date.getTime() > now.getTime()) throw rpcError('BIRTHDAY_INVALID');
}

import type { tl } from '@aerogram/tl';

/** How a date is shown, as the flags of its entity. */
export type DateFlags = Omit<tl.messageEntityFormattedDate, '_' | 'offset' | 'length' | 'date'>;

/**
 * Reads the format of a date: `r` alone for the time from now, or letters for its parts: `t` or `T` for a short or long time, `d` or `D` for a
 * short or long date, `w` for the day of the week.
 * @param choose which length is taken if both are given
 * @returns undefined if it is none
 */
export function parseDateFormat(format: string, choose: 'short' | 'last'): DateFlags | undefined {
  if (format === 'r' || format === 'R') return { relative: true };
  if (!/^[tTdDwW]*$/.test(format)) return undefined;
  const isShort = (short: string, long: string): boolean =>
    choose === 'short' ? format.includes(short) : format.lastIndexOf(short) > format.lastIndexOf(long);
  const flags: DateFlags = {};
  if (/[wW]/.test(format)) flags.day_of_week = true;
  if (isShort('t', 'T')) flags.short_time = true;
  else if (format.includes('T')) flags.long_time = true;
  if (isShort('d', 'D')) flags.short_date = true;
  else if (format.includes('D')) flags.long_date = true;
  return flags;
}

/** The format of a date as text, in the order of the reference: `r`, or `w`, then the date, then the time. */
export function formatDateFlags(flags: DateFlags): string {
  if (flags.relative === true) return 'r';
  const date = flags.short_date === true ? 'd' : flags.long_date === true ? 'D' : '';
  const time = flags.short_time === true ? 't' : flags.long_time === true ? 'T' : '';
  return `${flags.day_of_week === true ? 'w' : ''}${date}${time}`;
}

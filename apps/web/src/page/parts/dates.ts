import { t } from '../ground/text.ts';

/** Seconds of a day. */
export const DAY_S = 86_400;

const time = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const weekday = new Intl.DateTimeFormat(undefined, { weekday: 'short' });
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const dayOfYear = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' });
const longDay = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'long' });
const longDayOfYear = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'long', year: 'numeric' });
const month = new Intl.DateTimeFormat(undefined, { month: 'long', year: 'numeric' });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'long', timeStyle: 'short' });

/** Seconds since 1970. */
export const nowSeconds = (): number => Math.floor(Date.now() / 1000);

/** The number of the local day, to compare days. Pure. */
export function dayNumber(date: number): number {
  const { getFullYear, getMonth, getDate } = Date.prototype;
  const local = new Date(date * 1000);
  return Math.floor(Date.UTC(getFullYear.call(local), getMonth.call(local), getDate.call(local)) / (DAY_S * 1000));
}

/** The time of a message. */
export const formatTime = (date: number): string => time.format(date * 1000);

/** Date and time in full. */
export const formatFull = (date: number): string => full.format(date * 1000);

/** A month with its year. */
export const formatMonth = (date: number): string => month.format(date * 1000);

/** When the newest message of a chat came, as short as possible. */
export function formatShort(date: number): string {
  const age = dayNumber(nowSeconds()) - dayNumber(date);
  if (age <= 0) return formatTime(date);
  if (age < 7) return weekday.format(date * 1000);
  return age < 300 ? day.format(date * 1000) : dayOfYear.format(date * 1000);
}

/** The day above the messages of a day. */
export function formatDay(date: number): string {
  const age = dayNumber(nowSeconds()) - dayNumber(date);
  if (age === 0) return t('today');
  if (age === 1) return t('yesterday');
  const isThisYear = new Date(date * 1000).getFullYear() === new Date().getFullYear();
  return (isThisYear ? longDay : longDayOfYear).format(date * 1000);
}

/** A duration as 0:05 or 1:02:03. Pure. */
export function formatSeconds(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (number: number): string => String(number).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

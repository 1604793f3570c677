/**
 * Clamps the date that a client sends as the date of its state to [0, nowDate]. A date before 1970 becomes 0, because subtracting from it
 * could leave the int range. Pure.
 * @param date unix seconds, as the client sent it
 * @param nowDate unix seconds
 */
export function askedDate(date: number, nowDate: number): number {
  return Math.min(Math.max(date, 0), nowDate);
}

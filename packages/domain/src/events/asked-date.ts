/** A date that a client names as its own: none lies ahead, and none before 1970, where an int would not hold what is a little earlier. Pure. */
export function askedDate(date: number, nowDate: number): number {
  return Math.min(Math.max(date, 0), nowDate);
}

/** Up to which message a request reads: apps write 0 for the newest one. Other numbers that no message has read nothing. Pure. */
export function readUpTo(maxId: number): number {
  return maxId === 0 ? 2 ** 31 - 1 : maxId;
}

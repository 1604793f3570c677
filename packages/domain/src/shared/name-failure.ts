/**
 * Names an error for the log without its message: that of a failed connection has the host and address of a link that somebody sent.
 * @returns its code, such as `ECONNREFUSED`; else its type
 */
export function nameFailure(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : error.name;
}

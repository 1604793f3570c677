import type { UserRow } from '../peers/index.ts';

/** The end of a limit that holds until the operator lifts it, in unix seconds. */
export const NO_END = 2_147_483_647;

/** Whether the operator limits an account now. Pure. */
export function isLimitedAt(row: Pick<UserRow, 'limited_until'> | undefined, nowDate: number): boolean {
  return row !== undefined && row.limited_until > nowDate;
}

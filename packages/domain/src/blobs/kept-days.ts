import type { DomainDeps } from '../shared/index.ts';

/** How long a document without references is kept at least. Longer than file references are valid, so nobody can send a document that is being deleted. */
const KEPT_DAYS = 7;

const DAY_S = 86_400;

/** How long a document without references is kept, in seconds: a restore to any moment of the archived log finds the files of that moment. Pure. */
export function keptSecondsOf({ walArchiveDays }: Pick<DomainDeps['config'], 'walArchiveDays'>): number {
  return DAY_S * Math.max(KEPT_DAYS, walArchiveDays);
}

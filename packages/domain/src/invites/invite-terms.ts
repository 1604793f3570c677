import { rpcError } from '@aerogram/errors';

import { cleanLine } from '../peers/index.ts';
import type { InviteRow } from './invite-store.ts';

/** What an admin asks of a link. Absent: as it is; 0 for a number: none. */
export interface InviteTerms {
  title?: string | undefined;
  /** Unix seconds. */
  expireDate?: number | undefined;
  usageLimit?: number | undefined;
  requestNeeded?: boolean | undefined;
}

/** The columns of a link that an admin sets. */
export type TermColumns = Pick<InviteRow, 'title' | 'expire_date' | 'usage_limit' | 'request_needed'>;

/** The terms of a link that has none. */
export const NO_TERMS: TermColumns = { title: null, expire_date: null, usage_limit: null, request_needed: false };

const TITLE_MAX = 32;
const USAGE_LIMIT_MAX = 99_999;

/**
 * Checks the terms of a link. Pure.
 * @param before the terms so far
 * @throws RpcError 400 EXPIRE_DATE_INVALID (in the past), USAGE_LIMIT_INVALID (too many, or together with requests; rule P36, link forms)
 */
export function checkedTerms(terms: InviteTerms, before: TermColumns, nowDate: number): TermColumns {
  const { title, expireDate, usageLimit, requestNeeded } = terms;
  if (expireDate !== undefined && expireDate !== 0 && expireDate <= nowDate) throw rpcError('EXPIRE_DATE_INVALID');
  if (usageLimit !== undefined && (usageLimit < 0 || usageLimit > USAGE_LIMIT_MAX)) throw rpcError('USAGE_LIMIT_INVALID');
  const request_needed = requestNeeded ?? before.request_needed;
  if (request_needed && usageLimit !== undefined && usageLimit > 0) throw rpcError('USAGE_LIMIT_INVALID');
  return {
    title: title === undefined ? before.title : cleanLine(title, TITLE_MAX).trim() || null,
    expire_date: expireDate === undefined ? before.expire_date : expireDate || null,
    usage_limit: request_needed ? null : usageLimit === undefined ? before.usage_limit : usageLimit || null,
    request_needed,
  };
}

/** Whether nobody can come in by a link any more, apart from its places being taken. Pure. */
export function isInviteOver({ revoked, expire_date }: Pick<InviteRow, 'revoked' | 'expire_date'>, nowDate: number): boolean {
  return revoked || (expire_date !== null && expire_date <= nowDate);
}

/** Whether all places of a link are taken. Pure. */
export function isInviteUsedUp({ usage, usage_limit }: Pick<InviteRow, 'usage' | 'usage_limit'>): boolean {
  return usage_limit !== null && usage >= usage_limit;
}

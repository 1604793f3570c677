import type { tl } from '@mtcute/core';
import { MEMBER_RIGHTS, type MemberRight } from '../../protocol/index.ts';

/** A ban or restriction without an end. */
export const FOREVER = 2 ** 31 - 1;

/** Reads what members may not do. Pure. */
export const readForbidden = (rights: tl.TypeChatBannedRights | undefined): MemberRight[] => MEMBER_RIGHTS.filter((right) => rights?.[right] === true);

/** Writes what members may not do. Pure. @param until when that ends, in seconds since 1970 */
export const writeForbidden = (forbidden: readonly MemberRight[], until = FOREVER): tl.RawChatBannedRights => ({
  _: 'chatBannedRights',
  ...Object.fromEntries(forbidden.map((right) => [right, true])),
  untilDate: until,
});

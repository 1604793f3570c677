import type { tl } from '@mtcute/core';
import type { AdminRight } from '../../protocol/index.ts';

/** Reads what an admin may do. Pure. */
export function readAdminRights(rights: tl.TypeChatAdminRights): AdminRight[] {
  return Object.entries(rights).flatMap(([name, value]) => (value === true ? [name] : []));
}

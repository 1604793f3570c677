import type { tl } from '@mtcute/core';
import type { AdminRight } from '../../protocol/index.ts';

/** All rights that pages know. */
const RIGHTS: readonly AdminRight[] = [
  'changeInfo', 'postMessages', 'editMessages', 'deleteMessages', 'banUsers', 'inviteUsers', 'pinMessages', 'addAdmins', 'manageCall',
  'anonymous', 'manageTopics', 'postStories', 'editStories', 'deleteStories', 'other',
];

/** What every admin of a basic group may do. @see https://core.telegram.org/api/rights */
export const GROUP_ADMIN_RIGHTS: AdminRight[] = ['changeInfo', 'deleteMessages', 'banUsers', 'inviteUsers', 'pinMessages', 'manageCall', 'other'];

/**
 * Writes what an admin may do. Pure.
 * @param before what the admin could do: of it, rights that pages do not know stay
 */
export function writeAdminRights(rights: readonly AdminRight[], before?: tl.TypeChatAdminRights): tl.RawChatAdminRights {
  const unknown = Object.fromEntries(Object.entries(before ?? {}).filter(([name]) => !RIGHTS.includes(name as AdminRight)));
  // Without any right somebody would be no admin.
  return { ...unknown, ...Object.fromEntries(rights.map((right) => [right, true])), _: 'chatAdminRights', other: true };
}

/** Reads what an admin may do. Pure. */
export const readAdminRights = (rights: tl.TypeChatAdminRights): AdminRight[] => RIGHTS.filter((right) => rights[right] === true);

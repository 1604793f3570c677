import type { tl } from '@mtcute/core';
import type { AdminRight } from '../../protocol/index.ts';

/** All rights that pages know. */
const RIGHTS: readonly AdminRight[] = [
  'changeInfo', 'postMessages', 'editMessages', 'deleteMessages', 'banUsers', 'inviteUsers', 'pinMessages', 'addAdmins', 'manageCall',
  'anonymous', 'manageTopics', 'postStories', 'editStories', 'deleteStories', 'other',
];

/** Reads what an admin may do. Pure. */
export const readAdminRights = (rights: tl.TypeChatAdminRights): AdminRight[] => RIGHTS.filter((right) => rights[right] === true);

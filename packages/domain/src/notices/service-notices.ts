import type { tl } from '@aerogram/tl';

import { askAction } from '../content/index.ts';
import { NOTICE_ACTIONS } from './notice-kinds.ts';

/** Whether somebody is told of a service message. Pure. @param isOfOwner it is about that person */
export const isNoticed = (action: tl.MessageAction, isOfOwner: boolean): boolean => askAction(NOTICE_ACTIONS, action, isOfOwner) !== undefined;

/** Whether a service message is about a member: who was added or removed. Pure. */
export function isAbout(action: tl.MessageAction, userId: bigint): boolean {
  if (action._ === 'messageActionChatAddUser') return action.users.includes(userId);
  return action._ === 'messageActionChatDeleteUser' && action.user_id === userId;
}

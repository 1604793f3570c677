import { isMarkedChannel, isMarkedUser } from '@aerogram/cluster';

import { hasFlag, MessageFlag, type MessageRow, unpackMessageExtra } from '../events/index.ts';
import { isWorthNotice } from './decide-notice.ts';
import { noticeOfAction } from './notice-kinds.ts';
import type { ChatFacts, FactsOf } from './notice-store.ts';

/** Which notification settings hold for the chat of a message if it has none of its own. Pure. */
export function scopeOf(row: MessageRow): FactsOf['scope'] {
  if (isMarkedUser(row.peer_id)) return 'users';
  return hasFlag(row, MessageFlag.post) ? 'broadcasts' : 'chats';
}

/** Whether a message mentions somebody. A message of a channel is stored once, with all whom it mentions. Pure. */
export function mentions(row: MessageRow, userId: bigint): boolean {
  if (!isMarkedChannel(row.peer_id)) return hasFlag(row, MessageFlag.mentioned);
  return unpackMessageExtra(row.extra).mentioned?.includes(userId) === true;
}

/** Whether somebody is told of a message, on whatever device. Pure. @param facts what is known of its chat */
export function isTold(row: MessageRow, userId: bigint, facts: ChatFacts, nowDate: number): boolean {
  const isSaved = row.peer_id === userId;
  const action = hasFlag(row, MessageFlag.service) ? unpackMessageExtra(row.extra).action : undefined;
  return isWorthNotice(
    {
      isOwn: isSaved || row.from_id === userId || hasFlag(row, MessageFlag.out),
      isReminder: isSaved && hasFlag(row, MessageFlag.fromScheduled),
      isQuiet: hasFlag(row, MessageFlag.service) && (action === undefined || noticeOfAction(action, userId) === undefined),
      date: row.date,
      // A pin is told like a mention, also where the chat is muted.
      isMention: mentions(row, userId) || action?._ === 'messageActionPinMessage',
    },
    { isRead: !isSaved && row.msg_id <= facts.read_max_id, isMuted: facts.mute_until > nowDate },
    nowDate,
  );
}

import { hasFlag, MessageFlag } from '../events/index.ts';

/** Flags of a message that mentions its owner, who has not seen it yet. The first of them stays for ever. */
export const UNREAD_MENTION = MessageFlag.mentioned | MessageFlag.mediaUnread;

/** Whether a message mentions its owner, who has not seen it yet. Pure. */
export function isUnreadMention(row: { flags: number }): boolean {
  return hasFlag(row, UNREAD_MENTION);
}

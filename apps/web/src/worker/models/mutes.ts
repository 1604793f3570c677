import type { tl } from '@mtcute/core';
import type { Chat, Peer, UnixTime } from '../../protocol/index.ts';

/** Until when chats are muted that have no setting of their own. */
export interface MutesByKind {
  users: UnixTime;
  groups: UnixTime;
  channels: UnixTime;
}

export type ChatKind = keyof MutesByKind;

/** Names the kinds of chats for the server. */
export const NOTIFY_KINDS: Record<ChatKind, tl.RawInputNotifyUsers | tl.RawInputNotifyChats | tl.RawInputNotifyBroadcasts> = {
  users: { _: 'inputNotifyUsers' },
  groups: { _: 'inputNotifyChats' },
  channels: { _: 'inputNotifyBroadcasts' },
};

const KINDS: Record<Peer['kind'], ChatKind> = { user: 'users', group: 'groups', supergroup: 'groups', channel: 'channels' };

/** Until when a chat is muted: by its own setting, or by that of its kind. Pure. @param chat undefined if it is not in the list yet */
export function mutedUntil(chat: Chat | undefined, peer: Peer | undefined, byKind: MutesByKind): UnixTime {
  return chat?.mutedUntil ?? (peer ? byKind[KINDS[peer.kind]] : 0);
}

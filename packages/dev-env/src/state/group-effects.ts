import type { tl } from '@aerogram/tl';
import type { AccountParts, Effects } from './account-parts.ts';
import { markPeer } from './box-message.ts';

/** What updates change in basic groups. The group itself comes along with them, see {@link keepChats}. */
export const GROUP_EFFECTS: Effects = {
  updateChat: (state, { chat_id }) => expireFullChat(state, chat_id),
  updateChatParticipants: (state, { participants }) => expireFullChat(state, participants.chat_id),
  updateChatParticipantAdd: (state, { chat_id }) => expireFullChat(state, chat_id),
  updateChatParticipantDelete: (state, { chat_id }) => expireFullChat(state, chat_id),
  updateChatParticipantAdmin: (state, { chat_id }) => expireFullChat(state, chat_id),
  updateChatParticipantRank: (state, { chat_id }) => expireFullChat(state, chat_id),
  updateChannel(state, { channel_id }) {
    const id = markPeer({ _: 'peerChannel', channel_id });
    const channel = state.cells.get<tl.Chat>(`group ${id}`);
    if (channel?._ !== 'channel' || channel.left === true) {
      state.channels.forget(id);
      // Clients forget the dialog.
      for (const name of ['bar', 'archived', 'ttl']) state.cells.set(`${name} ${id}`, undefined);
    } else if (state.channels.find(id) === undefined) state.channels.behind.add(id);
  },
  updateChannelTooLong(state, { channel_id, pts }) {
    const id = markPeer({ _: 'peerChannel', channel_id });
    if ((state.channels.find(id)?.line.pts ?? 0) < (pts ?? Infinity)) state.channels.behind.add(id);
  },
  // The member has hidden the messages up to this one from themselves.
  updateChannelAvailableMessages(state, { channel_id, available_min_id }) {
    const box = state.channels.find(markPeer({ _: 'peerChannel', channel_id }))?.box;
    box?.remove(box.list(({ id }) => id <= available_min_id).map(({ id }) => id));
  },
  // How many ask to be let in is part of the full info, which clients read again when they show it.
  updatePendingJoinRequests: () => {},
  updateReadChannelInbox: (state, { channel_id, max_id }) => state.channels.read('readInbox', markPeer({ _: 'peerChannel', channel_id }), max_id),
  updateReadChannelOutbox: (state, { channel_id, max_id }) => state.channels.read('readOutbox', markPeer({ _: 'peerChannel', channel_id }), max_id),
  updateChatDefaultBannedRights(state, { peer }) {
    state.cells.expire(`group ${markPeer(peer)}`);
    // It counts the version of the list of members.
    if (peer._ === 'peerChat') expireFullChat(state, peer.chat_id);
  },
};

/** Marked id of a basic group or channel that came along with an answer or a push. */
export function markChat({ _: kind, id }: tl.Chat): number {
  const isChannel = kind === 'channel' || kind === 'channelForbidden';
  return markPeer(isChannel ? { _: 'peerChannel', channel_id: id } : { _: 'peerChat', chat_id: id });
}

/** Records what basic groups and channels that came along say of themselves. Clients forget the members of a group that they are not in. */
export function keepChats(state: AccountParts, chats: readonly tl.Chat[]): void {
  for (const chat of chats) {
    const [id, cell] = [markChat(chat), `group ${markChat(chat)}`];
    if (isJoinedAnew(state.cells.get<tl.Chat>(cell), chat) && state.channels.find(id) !== undefined) {
      state.channels.forget(id);
      state.channels.behind.add(id);
    }
    state.cells.set(cell, chat);
    if (!isOutside(chat)) continue;
    expireFullChat(state, chat.id);
    state.cells.expire(`bar ${markChat(chat)}`);
  }
}

/**
 * Whether the account left a channel and is in it again: the channel's date is that of joining. What happened in between is not pushed, and mentions
 * are forgotten on leaving.
 */
function isJoinedAnew(known: tl.Chat | undefined, chat: tl.Chat): boolean {
  return known?._ === 'channel' && chat._ === 'channel' && chat.left !== true && known.left !== true && known.date !== chat.date;
}

/** Whether the account is not, or no longer, in a basic group. */
export function isOutside(chat: tl.Chat): boolean {
  return chat._ === 'chatForbidden' || (chat._ === 'chat' && chat.left === true);
}

/** The cell of the members and the description of a group. */
export function fullChatCell(chatId: bigint): string {
  return `full-group ${markPeer({ _: 'peerChat', chat_id: chatId })}`;
}

function expireFullChat({ cells }: AccountParts, chatId: bigint): void {
  cells.expire(fullChatCell(chatId));
}

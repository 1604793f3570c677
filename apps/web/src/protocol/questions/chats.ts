import type { ListName, PeerId, UnixTime } from '../models.ts';
import type { ChatTheme } from '../themes.ts';

/** What is done with rows of the list of chats. */
export interface ChatQuestions {
  'chats.more': { say: { view: number }; get: void };
  'chats.setPinned': { say: { list: ListName; peer: PeerId; isPinned: boolean }; get: void };
  /** Puts the pinned chats of a list into another order. */
  'chats.orderPinned': { say: { list: ListName; peers: PeerId[] }; get: void };
  /** 0 lets a chat make itself heard again. */
  'chats.mute': { say: { peer: PeerId; until: UnixTime }; get: void };
  /** Marks a chat as unread, or everything in it as read. */
  'chats.setUnread': { say: { peer: PeerId; isUnread: boolean }; get: void };
  'chats.setArchived': { say: { peer: PeerId; isArchived: boolean }; get: void };
  /** The themes that private chats may have. */
  'themes.list': { say: void; get: ChatTheme[] };
  /** Gives a private chat a theme, for both who are in it; none takes it away. */
  'themes.set': { say: { peer: PeerId; emoji?: string }; get: void };
  /** Deletes the messages; the chat stays in the list. */
  'chats.clear': { say: { peer: PeerId; forBoth: boolean }; get: void };
  /** Deletes a private chat, or a basic group that the account has left. */
  'chats.delete': { say: { peer: PeerId; forBoth: boolean }; get: void };
}

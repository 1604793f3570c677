import { markPeer } from '@aerogram/cluster';
import type { tl } from '@aerogram/tl';

import { ifText, ifTrue, jsonId, type JsonObject } from './json-object.ts';
import { usernameOf } from './user-object.ts';

/** The `type` of a Chat object. */
export type ChatKind = 'private' | 'group' | 'supergroup' | 'channel';

/** The id of a chat as bots know it: that of the user, a negative one for basic groups, −100… for supergroups and channels. */
export function chatIdOf(peer: tl.Peer): number {
  return jsonId(markPeer(peer));
}

/** The peer that is a user, basic group, supergroup or channel. @returns undefined for what is no chat */
export function peerOf(chat: tl.Chat | tl.User): tl.Peer | undefined {
  switch (chat._) {
    case 'user':
    case 'userEmpty':
      return { _: 'peerUser', user_id: chat.id };
    case 'chat':
    case 'chatEmpty':
    case 'chatForbidden':
      return { _: 'peerChat', chat_id: chat.id };
    case 'channel':
    case 'channelForbidden':
      return { _: 'peerChannel', channel_id: chat.id };
    default:
      return undefined;
  }
}

/** The kind of a chat. */
export function kindOf(chat: tl.Chat | tl.User): ChatKind {
  if (chat._ === 'user' || chat._ === 'userEmpty') return 'private';
  if (chat._ === 'channel' || chat._ === 'channelForbidden') return chat.broadcast === true ? 'channel' : 'supergroup';
  return 'group';
}

/** A Chat object. Chats that the bot does not see any more have what is known of them. */
export function projectChat(chat: tl.Chat | tl.User): JsonObject {
  const peer = peerOf(chat);
  const place = { id: peer === undefined ? jsonId(-chat.id) : chatIdOf(peer), type: kindOf(chat) };
  switch (chat._) {
    case 'user':
      return { ...place, first_name: chat.first_name ?? '', last_name: ifText(chat.last_name), username: usernameOf(chat) };
    case 'userEmpty':
      return { ...place, first_name: '' };
    case 'chat':
      return { ...place, title: chat.title, all_members_are_administrators: mayAllDoEverything(chat) };
    case 'channel':
      return { ...place, title: chat.title, username: usernameOf(chat), is_forum: ifTrue(chat.forum), is_direct_messages: ifTrue(chat.monoforum) };
    default:
      return { ...place, title: 'title' in chat ? chat.title : '', ...(place.type === 'group' && { all_members_are_administrators: false }) };
  }
}

/** Whether nothing is forbidden to the members of a basic group. */
function mayAllDoEverything({ default_banned_rights: rights }: tl.chat): boolean {
  return rights === undefined || !Object.values(rights).includes(true);
}

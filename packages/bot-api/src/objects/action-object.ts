import type { tl } from '@aerogram/tl';

import { projectBackground } from './background-object.ts';
import { chatIdOf } from './chat-object.ts';
import { projectPhotoSizes } from './file-objects.ts';
import { ifText, ifTrue, jsonId, type JsonObject } from './json-object.ts';
import type { KnownPeers } from './known-peers.ts';
import type { ObjectSource } from './object-source.ts';

/** What the objects of service messages are made with. */
export interface ActionScope {
  source: ObjectSource;
  peers: KnownPeers;
}

/**
 * The fields of a service message that say what has happened, apart from a pinned message.
 * @returns undefined for what bots are not told
 */
export function projectAction({ source, peers }: ActionScope, { action, from_id: author, peer_id: chat }: tl.messageService): JsonObject | undefined {
  switch (action._) {
    case 'messageActionChatCreate':
      return { group_chat_created: true };
    case 'messageActionChannelCreate':
      return peers.kind(chat) === 'channel' ? { channel_chat_created: true } : { supergroup_chat_created: true };
    case 'messageActionChatEditTitle':
      return { new_chat_title: action.title };
    case 'messageActionChatEditPhoto':
      return { new_chat_photo: projectPhotoSizes(source, action.photo, 'chat_photo') };
    case 'messageActionChatDeletePhoto':
      return { delete_chat_photo: true };
    case 'messageActionChatAddUser':
      return newMembers(action.users.map((id) => peers.user(id)));
    case 'messageActionChatJoinedByLink':
    case 'messageActionChatJoinedByRequest':
      return newMembers(author === undefined ? [] : [peers.author(author, chat)]);
    case 'messageActionChatDeleteUser': {
      const user = peers.user(action.user_id);
      return { left_chat_member: user, left_chat_participant: user };
    }
    case 'messageActionChatMigrateTo':
      return { migrate_to_chat_id: chatIdOf({ _: 'peerChannel', channel_id: action.channel_id }) };
    case 'messageActionChannelMigrateFrom':
      return { migrate_from_chat_id: chatIdOf({ _: 'peerChat', chat_id: action.chat_id }) };
    case 'messageActionChangeCreator':
      return { chat_owner_changed: { new_owner: peers.user(action.new_creator_id) } };
    case 'messageActionNewCreatorPending':
      return { chat_owner_left: { new_owner: peers.user(action.new_creator_id) } };
    case 'messageActionSetMessagesTTL':
      return { message_auto_delete_timer_changed: { message_auto_delete_time: action.period } };
    case 'messageActionGeoProximityReached':
      return { proximity_alert_triggered: { traveler: peers.author(action.from_id, chat), watcher: peers.author(action.to_id, chat), distance: action.distance } };
    case 'messageActionSetChatWallPaper': {
      const type = projectBackground(source, action.wallpaper);
      return type && { chat_background_set: { type } };
    }
    case 'messageActionBotAllowed':
      return { write_access_allowed: { from_request: ifTrue(action.from_request) } };
    case 'messageActionRequestedPeerSentMe':
      return projectShared(source, action);
    case 'messageActionTopicCreate':
      return { forum_topic_created: projectTopic(action) };
    case 'messageActionTopicEdit':
      return projectTopicEdit(action);
    default:
      return undefined;
  }
}

/** The fields of a ForumTopicCreated object, which ForumTopic has, too. */
export function projectTopic({ title, title_missing: isImplicit, icon_color, icon_emoji_id: emojiId }: tl.messageActionTopicCreate): JsonObject {
  return { name: title, icon_color, icon_custom_emoji_id: emojiId?.toString(), is_name_implicit: ifTrue(isImplicit) };
}

/** What was changed about a topic: whether it is closed or, of General, hidden, or else how it looks. An emoji that was taken away is an empty text. */
function projectTopicEdit({ title, icon_emoji_id: emojiId, closed, hidden }: tl.messageActionTopicEdit): JsonObject {
  if (closed !== undefined) return { [closed ? 'forum_topic_closed' : 'forum_topic_reopened']: {} };
  if (hidden !== undefined) return { [hidden ? 'general_forum_topic_hidden' : 'general_forum_topic_unhidden']: {} };
  return { forum_topic_edited: { name: title, icon_custom_emoji_id: emojiId === 0n ? '' : emojiId?.toString() } };
}

/** The field `new_chat_members`, and two old fields with the first of them. */
function newMembers(users: readonly JsonObject[]): JsonObject | undefined {
  const [first] = users;
  return first && { new_chat_participant: first, new_chat_member: first, new_chat_members: users };
}

/** What somebody has chosen for a key that asks for people or a chat. */
function projectShared(source: ObjectSource, { button_id: request_id, peers }: tl.messageActionRequestedPeerSentMe): JsonObject | undefined {
  const users = peers.filter((peer) => peer._ === 'requestedPeerUser');
  if (users.length > 0) {
    const shared = users.map(({ user_id, first_name, last_name, username, photo }) => ({
      user_id: jsonId(user_id),
      first_name: ifText(first_name),
      last_name: ifText(last_name),
      username: ifText(username),
      photo: photo && projectPhotoSizes(source, photo, 'profile_photo'),
    }));
    return { user_shared: shared.length === 1 ? { request_id, user_id: shared[0]!.user_id } : undefined, users_shared: { request_id, users: shared } };
  }
  const chat = peers.find((peer) => peer._ !== 'requestedPeerUser');
  if (chat === undefined) return undefined;
  const chat_id = chatIdOf(chat._ === 'requestedPeerChannel' ? { _: 'peerChannel', channel_id: chat.channel_id } : { _: 'peerChat', chat_id: chat.chat_id });
  const username = chat._ === 'requestedPeerChannel' ? ifText(chat.username) : undefined;
  return { chat_shared: { request_id, chat_id, title: ifText(chat.title), username, photo: chat.photo && projectPhotoSizes(source, chat.photo, 'chat_photo') } };
}

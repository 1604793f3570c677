import { type ActionTable, askAction } from '@aerogram/domain';
import type { tl } from '@aerogram/tl';

import { projectBackground } from './background-object.ts';
import { chatIdOf } from './chat-object.ts';
import { projectTask } from './checklist-object.ts';
import { projectPhotoSizes } from './file-objects.ts';
import { projectInaccessible } from './inaccessible-message.ts';
import { ifText, ifTrue, jsonId, type JsonObject } from './json-object.ts';
import type { KnownPeers } from './known-peers.ts';
import { linkedPlace } from './linked-messages.ts';
import type { ObjectSource } from './object-source.ts';
import { projectOption } from './poll-object.ts';

/** What the objects of service messages are made with. */
export interface ActionScope {
  source: ObjectSource;
  peers: KnownPeers;
  /** The Message object to which the service message replies; undefined where it is left out, and if the bot does not see that message. */
  replied: JsonObject | undefined;
}

/** Makes the fields for service messages of a kind. A field `reply_to_message` of undefined says that another field has that message. */
type ActionFields = ActionTable<[ActionScope, tl.messageService], JsonObject | undefined>;

/** For what bots are not told. */
const untold = (): undefined => undefined;

const ifSome = (ids: readonly number[]): readonly number[] | undefined => (ids.length > 0 ? ids : undefined);

/** Somebody has joined, who is the author of the message. */
const joined = (_: unknown, { peers }: ActionScope, { from_id: author, peer_id: chat }: tl.messageService): JsonObject | undefined =>
  newMembers(author === undefined ? [] : [peers.author(author, chat)]);

/** The fields for service messages of each kind. */
const ACTIONS: ActionFields = {
  messageActionEmpty: untold,
  messageActionChatCreate: () => ({ group_chat_created: true }),
  messageActionChannelCreate: (_, { peers }, { peer_id: chat }) => (peers.kind(chat) === 'channel' ? { channel_chat_created: true } : { supergroup_chat_created: true }),
  messageActionChatEditTitle: ({ title }) => ({ new_chat_title: title }),
  messageActionChatEditPhoto: ({ photo }, { source }) => ({ new_chat_photo: projectPhotoSizes(source, photo, 'chat_photo') }),
  messageActionChatDeletePhoto: () => ({ delete_chat_photo: true }),
  messageActionChatAddUser: ({ users }, { peers }) => newMembers(users.map((id) => peers.user(id))),
  messageActionChatJoinedByLink: joined,
  messageActionChatJoinedByRequest: joined,
  messageActionChatDeleteUser({ user_id: id }, { peers }) {
    const user = peers.user(id);
    return { left_chat_member: user, left_chat_participant: user };
  },
  messageActionChatMigrateTo: ({ channel_id }) => ({ migrate_to_chat_id: chatIdOf({ _: 'peerChannel', channel_id }) }),
  messageActionChannelMigrateFrom: ({ chat_id }) => ({ migrate_from_chat_id: chatIdOf({ _: 'peerChat', chat_id }) }),
  messageActionChangeCreator: ({ new_creator_id: id }, { peers }) => ({ chat_owner_changed: { new_owner: peers.user(id) } }),
  messageActionNewCreatorPending: ({ new_creator_id: id }, { peers }) => ({ chat_owner_left: { new_owner: peers.user(id) } }),
  messageActionSetMessagesTTL: ({ period }) => ({ message_auto_delete_timer_changed: { message_auto_delete_time: period } }),
  messageActionGeoProximityReached: ({ from_id, to_id, distance }, { peers }, { peer_id: chat }) =>
    ({ proximity_alert_triggered: { traveler: peers.author(from_id, chat), watcher: peers.author(to_id, chat), distance } }),
  messageActionSetChatWallPaper({ wallpaper }, { source }) {
    const type = projectBackground(source, wallpaper);
    return type && { chat_background_set: { type } };
  },
  messageActionPinMessage(_, { peers, replied }, message) {
    const place = linkedPlace(message);
    return place && { reply_to_message: undefined, pinned_message: replied ?? projectInaccessible(place, peers) };
  },
  messageActionBotAllowed: ({ from_request }) => ({ write_access_allowed: { from_request: ifTrue(from_request) } }),
  messageActionRequestedPeer: untold,
  messageActionRequestedPeerSentMe: (action, { source }) => projectShared(source, action),
  messageActionTopicCreate: (action) => ({ forum_topic_created: projectTopic(action) }),
  messageActionTopicEdit: projectTopicEdit,
  messageActionTodoCompletions: ({ completed, incompleted }, { replied }) => ({
    reply_to_message: undefined,
    checklist_tasks_done: { checklist_message: replied, marked_as_done_task_ids: ifSome(completed), marked_as_not_done_task_ids: ifSome(incompleted) },
  }),
  messageActionTodoAppendTasks: ({ list }, { peers, replied }) => ({
    reply_to_message: undefined,
    checklist_tasks_added: { checklist_message: replied, tasks: list.map((task) => projectTask(task, peers)) },
  }),
  messageActionPollAppendAnswer: ({ answer }, { peers, replied }) => ({ reply_to_message: undefined, poll_option_added: { poll_message: replied, ...projectOption(answer, peers) } }),
  messageActionPollDeleteAnswer: ({ answer }, { peers, replied }) => ({ reply_to_message: undefined, poll_option_deleted: { poll_message: replied, ...projectOption(answer, peers) } }),
  messageActionContactSignUp: untold,
  messageActionHistoryClear: untold,
  messageActionNoForwardsRequest: untold,
  messageActionNoForwardsToggle: untold,
  messageActionPhoneCall: untold,
  messageActionScreenshotTaken: untold,
  messageActionSetChatTheme: untold,
  messageActionSuggestBirthday: untold,
  messageActionSuggestProfilePhoto: untold,
};

/**
 * The fields of a service message that say what has happened.
 * @returns undefined for what bots are not told
 */
export function projectAction(scope: ActionScope, message: tl.messageService): JsonObject | undefined {
  return askAction(ACTIONS, message.action, scope, message);
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

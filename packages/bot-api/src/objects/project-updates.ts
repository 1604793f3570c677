import { markPeer } from '@aerogram/cluster';
import { RpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import { projectInlineMessageId } from './inline-message-id.ts';
import { ifText, ifTrue, type JsonObject } from './json-object.ts';
import { KnownPeers } from './known-peers.ts';
import { LinkedMessages, type MessagePlace, type ShownMessage } from './linked-messages.ts';
import { projectData } from './markup-object.ts';
import { projectInaccessible } from './inaccessible-message.ts';
import { projectLocation, projectPollIn } from './media-object.ts';
import { projectInviteLink, projectMember } from './member-object.ts';
import { projectMessage, type MessageScope } from './message-object.ts';
import type { ObjectSource } from './object-source.ts';
import { persistentId } from './poll-object.ts';
import { projectReaction } from './reaction-object.ts';
import type { UpdateObject } from './update-object.ts';

/** What updates are made with. */
interface UpdateScope extends MessageScope {
  /** When the server made the updates, in Unix seconds: the date of those that have none of their own. */
  date: number;
}

/**
 * The updates of the Bot API that MTProto updates of the bot stand for, in order and without ids. What bots are not told is left out, and so are the bot's own messages,
 * apart from service messages that it caused.
 */
export async function projectUpdates(source: ObjectSource, updates: tl.Updates): Promise<UpdateObject[]> {
  const list = updatesIn(updates);
  if (list.length === 0 || !('date' in updates)) return [];
  const peers = new KnownPeers({ users: 'users' in updates ? updates.users : [], chats: 'chats' in updates ? updates.chats : [] });
  const linked = new LinkedMessages(source, peers);
  const pressed = list.flatMap((update) => (update._ === 'updateBotCallbackQuery' ? [{ peer: update.peer, id: update.msg_id }] : []));
  await Promise.all([linked.load(pressed), list.some(({ _ }) => _ === 'updateBotStopped') ? loadSelf(source, peers) : undefined]);
  const messages = [...list.flatMap((update) => messageOf(update) ?? []), ...pressed.flatMap((place) => linked.find(place) ?? [])];
  await linked.complete(messages);
  const scope: UpdateScope = { source, peers, linked, date: updates.date };
  return list.flatMap((update) => projectUpdate(scope, update) ?? []);
}

function updatesIn(updates: tl.Updates): tl.Update[] {
  if (updates._ === 'updateShort') return [updates.update];
  return updates._ === 'updates' || updates._ === 'updatesCombined' ? updates.updates : [];
}

/** Loads the bot itself, which updates about people who block it do not name. */
async function loadSelf({ botId, invoke }: ObjectSource, peers: KnownPeers): Promise<void> {
  if (peers.hasUser(botId)) return;
  try {
    peers.add(await invoke({ _: 'users.getUsers', id: [{ _: 'inputUserSelf' }] }));
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
  }
}

/** The message of an update that a bot is told: somebody else's, or a service message. A bot that answers everything would otherwise answer itself for ever. */
function messageOf(update: tl.Update): ShownMessage | undefined {
  if (!('message' in update) || typeof update.message !== 'object' || isUntold(update)) return undefined;
  const { message } = update;
  if (message._ === 'messageService') return message;
  return message._ === 'message' && message.out !== true ? message : undefined;
}

type MessageUpdate = tl.updateNewMessage | tl.updateNewChannelMessage | tl.updateEditMessage | tl.updateEditChannelMessage;

/** Whether an update brings no message of a chat, such as one that is scheduled. */
function isUntold(update: tl.Update): update is Exclude<tl.Update, MessageUpdate> {
  return !['updateNewMessage', 'updateNewChannelMessage', 'updateEditMessage', 'updateEditChannelMessage'].includes(update._);
}

function projectUpdate(scope: UpdateScope, update: tl.Update): UpdateObject | undefined {
  switch (update._) {
    case 'updateNewMessage':
    case 'updateNewChannelMessage':
      return projectMessageUpdate(scope, update, false);
    case 'updateEditMessage':
    case 'updateEditChannelMessage':
      return projectMessageUpdate(scope, update, true);
    case 'updateBotCallbackQuery':
    case 'updateInlineBotCallbackQuery':
      return query('callback_query', scope, update.user_id, projectPress(scope, update));
    case 'updateBotInlineQuery':
      return query('inline_query', scope, update.user_id, projectQuestion(scope, update));
    case 'updateBotInlineSend':
      return query('chosen_inline_result', scope, update.user_id, projectChoice(scope, update));
    case 'updateChatParticipant':
      return projectChange(scope, update, { _: 'peerChat', chat_id: update.chat_id });
    case 'updateChannelParticipant':
      return projectChange(scope, update, { _: 'peerChannel', channel_id: update.channel_id });
    case 'updateBotStopped':
      return projectStop(scope, update);
    case 'updateBotChatInviteRequester':
      return projectRequest(scope, update);
    case 'updateMessagePoll':
      return projectPollState(scope, update);
    case 'updateMessagePollVote':
      return projectVote(scope, update);
    case 'updateBotMessageReaction':
      return projectReactionChange(scope, update);
    case 'updateBotMessageReactions':
      return projectReactionCounts(scope, update);
    default:
      return undefined;
  }
}

function projectMessageUpdate(scope: UpdateScope, update: MessageUpdate, isEdit: boolean): UpdateObject | undefined {
  const message = messageOf(update);
  const value = message && projectMessage(scope, message);
  if (value === undefined) return undefined;
  const isPost = scope.peers.kind(message!.peer_id) === 'channel';
  const queue = markPeer(message!.peer_id);
  if (!isEdit) return { name: isPost ? 'channel_post' : 'message', value, date: message!.date, queue };
  const editDate = (message!._ === 'message' ? message!.edit_date : undefined) ?? scope.date;
  return { name: isPost ? 'edited_channel_post' : 'edited_message', value: { ...value, edit_date: editDate }, date: editDate, queue };
}

function query(name: 'callback_query' | 'inline_query' | 'chosen_inline_result', { date }: UpdateScope, userId: bigint, value: JsonObject): UpdateObject {
  return { name, value, date, queue: userId };
}

function projectPress(scope: UpdateScope, update: tl.updateBotCallbackQuery | tl.updateInlineBotCallbackQuery): JsonObject {
  const place = update._ === 'updateBotCallbackQuery' ? { message: projectPressed(scope, { peer: update.peer, id: update.msg_id }) } : { inline_message_id: projectInlineMessageId(update.msg_id) };
  return {
    id: update.query_id.toString(),
    from: scope.peers.user(update.user_id),
    ...place,
    chat_instance: update.chat_instance.toString(),
    data: update.data && projectData(update.data),
    game_short_name: update.game_short_name,
  };
}

/** The message whose button was pressed. */
function projectPressed(scope: UpdateScope, place: MessagePlace): JsonObject {
  const message = scope.linked.find(place);
  return (message && projectMessage(scope, message)) ?? projectInaccessible(place, scope.peers);
}

const CHAT_TYPES: Readonly<Record<tl.InlineQueryPeerType['_'], string>> = {
  inlineQueryPeerTypeSameBotPM: 'sender',
  inlineQueryPeerTypePM: 'private',
  inlineQueryPeerTypeBotPM: 'private',
  inlineQueryPeerTypeChat: 'group',
  inlineQueryPeerTypeMegagroup: 'supergroup',
  inlineQueryPeerTypeBroadcast: 'channel',
};

function projectQuestion({ peers }: UpdateScope, { query_id, user_id, query: text, geo, peer_type: type, offset }: tl.updateBotInlineQuery): JsonObject {
  return { id: query_id.toString(), from: peers.user(user_id), location: projectLocation(geo), chat_type: type && CHAT_TYPES[type._], query: text, offset };
}

function projectChoice({ peers }: UpdateScope, { user_id, query: text, geo, id, msg_id }: tl.updateBotInlineSend): JsonObject {
  return { from: peers.user(user_id), location: projectLocation(geo), inline_message_id: msg_id && projectInlineMessageId(msg_id), query: text, result_id: id };
}

function projectChange({ source, peers }: UpdateScope, update: tl.updateChatParticipant | tl.updateChannelParticipant, chat: tl.Peer): UpdateObject {
  const { date, actor_id, user_id: userId, prev_participant: before, new_participant: after, invite } = update;
  const place = { peers, kind: peers.kind(chat), userId };
  const value = {
    chat: peers.chat(chat),
    from: peers.user(actor_id),
    date,
    old_chat_member: projectMember(before, place),
    new_chat_member: projectMember(after, place),
    invite_link: projectInviteLink(invite, peers),
    via_join_request: ifTrue(invite?._ === 'chatInvitePublicJoinRequests'),
    via_chat_folder_invite_link: ifTrue('via_chatlist' in update ? update.via_chatlist : undefined),
  };
  return { name: userId === source.botId ? 'my_chat_member' : 'chat_member', value, date, queue: markPeer(chat) };
}

/** In the Bot API, a bot that somebody blocks is kicked from the private chat. */
function projectStop({ source, peers }: UpdateScope, { user_id, date, stopped }: tl.updateBotStopped): UpdateObject {
  const user = peers.user(source.botId);
  const [isThere, isOut] = [{ status: 'member', user }, { status: 'kicked', user, until_date: 0 }];
  const chat = peers.chat({ _: 'peerUser', user_id });
  const value = { chat, from: peers.user(user_id), date, old_chat_member: stopped ? isThere : isOut, new_chat_member: stopped ? isOut : isThere };
  return { name: 'my_chat_member', value, date, queue: user_id };
}

function projectRequest({ peers }: UpdateScope, { peer, date, user_id, about, invite, query_id }: tl.updateBotChatInviteRequester): UpdateObject {
  const from = peers.user(user_id);
  const value = { chat: peers.chat(peer), from, user_chat_id: from.id, date, bio: ifText(about), invite_link: projectInviteLink(invite, peers), query_id: query_id?.toString() };
  return { name: 'chat_join_request', value, date, queue: markPeer(peer) };
}

/** How a poll stands. An update without the poll itself is one of those that only devices are told. */
function projectPollState({ source, peers, linked, date }: UpdateScope, { poll_id, poll, results }: tl.updateMessagePoll): UpdateObject | undefined {
  return poll && { name: 'poll', value: projectPollIn({ source, peers, setNames: linked.setNames }, { poll, results }), date, queue: poll_id };
}

function projectVote({ peers, date }: UpdateScope, { poll_id, peer, options, positions }: tl.updateMessagePollVote): UpdateObject {
  const value = { poll_id: poll_id.toString(), ...projectActor('voter_chat', peer, peers), option_ids: positions, option_persistent_ids: options.map(persistentId) };
  return { name: 'poll_answer', value, date, queue: poll_id };
}

function projectReactionChange({ peers }: UpdateScope, { peer, msg_id, date, actor, old_reactions, new_reactions }: tl.updateBotMessageReaction): UpdateObject {
  const value = {
    chat: peers.chat(peer),
    message_id: msg_id,
    ...projectActor('actor_chat', actor, peers),
    date,
    old_reaction: old_reactions.map(projectReaction),
    new_reaction: new_reactions.map(projectReaction),
  };
  return { name: 'message_reaction', value, date, queue: markPeer(peer) };
}

function projectReactionCounts({ peers }: UpdateScope, { peer, msg_id, date, reactions }: tl.updateBotMessageReactions): UpdateObject {
  const value = { chat: peers.chat(peer), message_id: msg_id, date, reactions: reactions.map(({ reaction, count }) => ({ type: projectReaction(reaction), total_count: count })) };
  return { name: 'message_reaction_count', value, date, queue: markPeer(peer) };
}

/** Who did something: a person, or a chat on whose behalf it was done. */
function projectActor(nameOfChat: 'voter_chat' | 'actor_chat', actor: tl.Peer, peers: KnownPeers): JsonObject {
  return actor._ === 'peerUser' ? { user: peers.user(actor.user_id) } : { [nameOfChat]: peers.chat(actor) };
}

import type { tl } from '@aerogram/tl';

import { chatIdOf } from './chat-object.ts';
import { projectAudio, projectChatPhoto } from './file-objects.ts';
import { ifNotZero, ifText, ifTrue, type JsonObject } from './json-object.ts';
import { KnownPeers } from './known-peers.ts';
import { LinkedMessages } from './linked-messages.ts';
import { projectLocation } from './media-object.ts';
import { projectPermissions } from './member-object.ts';
import { projectMessage } from './message-object.ts';
import type { ObjectSource } from './object-source.ts';
import { projectReaction } from './reaction-object.ts';

/** How many kinds of reactions a message may have where nothing else was set. */
const REACTIONS_MAX = 11;

/** The accent colours that peers without one of their own have by their ids. */
const ACCENT_COLORS = 7n;

/** There are no gifts on this server. */
const NO_GIFTS = { unlimited_gifts: false, limited_gifts: false, unique_gifts: false, premium_subscription: false, gifts_from_channels: false };

/** What full objects are made with. */
interface FullScope {
  source: ObjectSource;
  peers: KnownPeers;
}

/** The ChatFullInfo object of a user, basic group, supergroup or channel. */
export async function projectFullChat(source: ObjectSource, answer: tl.users.userFull | tl.messages.chatFull): Promise<object> {
  const scope: FullScope = { source, peers: new KnownPeers(answer) };
  if (answer._ === 'users.userFull') return projectFullUser(scope, answer.full_user);
  const { full_chat: full } = answer;
  if (full._ === 'chatFull') return projectFullGroup(scope, full);
  return full._ === 'channelFull' ? projectFullChannel(scope, full) : {};
}

async function projectFullUser(scope: FullScope, full: tl.userFull): Promise<JsonObject> {
  const { source, peers } = scope;
  const peer: tl.Peer = { _: 'peerUser', user_id: full.id };
  const { birthday, personal_channel_id: personalId, saved_music: music } = full;
  return {
    ...peers.chat(peer),
    ...projectLook(scope, peer),
    photo: projectChatPhoto(source, full.personal_photo ?? full.profile_photo ?? full.fallback_photo, 'profile_photo'),
    bio: ifText(full.about),
    birthdate: birthday && { day: birthday.day, month: birthday.month, year: birthday.year },
    personal_chat: personalId === undefined ? undefined : peers.chat({ _: 'peerChannel', channel_id: personalId }),
    first_profile_audio: music?._ === 'document' ? projectAudio(source, music) : undefined,
    has_private_forwards: ifTrue(full.private_forward_name !== undefined),
    has_restricted_voice_and_video_messages: ifTrue(full.voice_messages_forbidden),
    message_auto_delete_time: ifNotZero(full.ttl_period),
    pinned_message: await findPinned(scope, peer, full.pinned_msg_id),
  };
}

async function projectFullGroup(scope: FullScope, full: tl.chatFull): Promise<JsonObject> {
  const peer: tl.Peer = { _: 'peerChat', chat_id: full.id };
  const found = scope.peers.find(peer);
  const chat = found?._ === 'chat' ? found : undefined;
  return {
    ...(await projectShared(scope, peer, full)),
    permissions: chat && projectPermissions(chat.default_banned_rights),
    has_protected_content: ifTrue(chat?.noforwards),
  };
}

async function projectFullChannel(scope: FullScope, full: tl.channelFull): Promise<JsonObject> {
  const peer: tl.Peer = { _: 'peerChannel', channel_id: full.id };
  const found = scope.peers.find(peer);
  const channel = found?._ === 'channel' ? found : undefined;
  const group = channel === undefined || channel.broadcast === true ? undefined : projectSupergroup(channel, full);
  return {
    ...(await projectShared(scope, peer, full)),
    ...group,
    can_send_paid_media: ifTrue(group === undefined ? full.paid_media_allowed : undefined),
    has_protected_content: ifTrue(channel?.noforwards),
    linked_chat_id: full.linked_chat_id === undefined ? undefined : chatIdOf({ _: 'peerChannel', channel_id: full.linked_chat_id }),
  };
}

/** The fields that basic groups, supergroups and channels have. */
async function projectShared(scope: FullScope, peer: tl.Peer, full: tl.chatFull | tl.channelFull): Promise<JsonObject> {
  return {
    ...scope.peers.chat(peer),
    ...projectLook(scope, peer),
    ...projectReactions(full),
    photo: projectChatPhoto(scope.source, full.chat_photo, 'chat_photo'),
    description: ifText(full.about),
    invite_link: linkOf(full),
    message_auto_delete_time: ifNotZero(full.ttl_period),
    pinned_message: await findPinned(scope, peer, full.pinned_msg_id),
  };
}

/** The fields that only supergroups have. */
function projectSupergroup(channel: tl.channel, full: tl.channelFull): JsonObject {
  const location = full.location?._ === 'channelLocation' ? { location: projectLocation(full.location.geo_point), address: full.location.address } : undefined;
  return {
    permissions: projectPermissions(channel.default_banned_rights),
    slow_mode_delay: ifNotZero(full.slowmode_seconds),
    join_to_send_messages: ifTrue(channel.join_to_send),
    join_by_request: ifTrue(channel.join_request),
    has_hidden_members: ifTrue(full.participants_hidden),
    has_visible_history: ifTrue(full.hidden_prehistory !== true),
    has_aggressive_anti_spam_enabled: ifTrue(full.antispam),
    sticker_set_name: full.stickerset?.short_name,
    custom_emoji_sticker_set_name: full.emojiset?.short_name,
    can_set_sticker_set: ifTrue(full.can_set_stickers),
    unrestrict_boost_count: ifNotZero(full.boosts_unrestrict),
    location: location?.location && location,
  };
}

/** The fields that all chats have, and names and colours beside the photo. */
function projectLook({ peers }: FullScope, peer: tl.Peer): JsonObject {
  const found = peers.find(peer);
  const own = found !== undefined && 'color' in found ? found : undefined;
  const color = own?.color?._ === 'peerColor' ? own.color : undefined;
  const profile = own?.profile_color?._ === 'peerColor' ? own.profile_color : undefined;
  const status = own !== undefined && 'emoji_status' in own && own.emoji_status?._ === 'emojiStatus' ? own.emoji_status : undefined;
  const id = peer._ === 'peerUser' ? peer.user_id : peer._ === 'peerChat' ? peer.chat_id : peer.channel_id;
  return {
    accent_color_id: color?.color ?? Number(id % ACCENT_COLORS),
    background_custom_emoji_id: color?.background_emoji_id?.toString(),
    profile_accent_color_id: profile?.color,
    profile_background_custom_emoji_id: profile?.background_emoji_id?.toString(),
    emoji_status_custom_emoji_id: status?.document_id.toString(),
    emoji_status_expiration_date: status?.until,
    active_usernames: found !== undefined ? activeNames(found) : undefined,
    max_reaction_count: REACTIONS_MAX,
    accepted_gift_types: NO_GIFTS,
  };
}

function activeNames(found: tl.User | tl.Chat): string[] | undefined {
  if (found._ !== 'user' && found._ !== 'channel') return undefined;
  const names = found.usernames?.filter((one) => one.active === true).map((one) => one.username) ?? [];
  if (names.length > 0) return names;
  return found.username === undefined || found.username === '' ? undefined : [found.username];
}

/** Which reactions members may give; nothing if all emoji are allowed. */
function projectReactions({ available_reactions: allowed, reactions_limit: limit }: tl.chatFull | tl.channelFull): JsonObject {
  return { max_reaction_count: limit ?? REACTIONS_MAX, available_reactions: allowed === undefined ? undefined : reactionsIn(allowed) };
}

function reactionsIn(allowed: tl.ChatReactions): JsonObject[] | undefined {
  if (allowed._ === 'chatReactionsAll') return undefined;
  if (allowed._ === 'chatReactionsNone') return [];
  return allowed.reactions.map(projectReaction);
}

function linkOf({ exported_invite: invite }: tl.chatFull | tl.channelFull): string | undefined {
  return invite?._ === 'chatInviteExported' ? invite.link : undefined;
}

/** The newest pinned message, without the one that it replies to. */
async function findPinned({ source, peers }: FullScope, peer: tl.Peer, id: number | undefined): Promise<JsonObject | undefined> {
  if (id === undefined || id === 0) return undefined;
  const linked = new LinkedMessages(source, peers);
  await linked.load([{ peer, id }]);
  const pinned = linked.find({ peer, id });
  return pinned && projectMessage({ source, peers, linked }, pinned, 0);
}

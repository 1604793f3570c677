import { hasCaption, isText } from '@aerogram/domain';
import type { tl } from '@aerogram/tl';

import { projectEntities } from '../texts/index.ts';
import { projectAction } from './action-object.ts';
import { isAutomaticForward, isExternal, projectExternalReply, projectForward } from './forward-object.ts';
import { ifText, ifTrue, type JsonObject } from './json-object.ts';
import type { KnownPeers } from './known-peers.ts';
import { type LinkedMessages, linkedPlace, type ShownMessage } from './linked-messages.ts';
import { projectMarkup } from './markup-object.ts';
import { projectMedia } from './media-object.ts';
import { projectThread } from './message-thread.ts';
import type { ObjectSource } from './object-source.ts';
import { AUTO_FORWARDER } from './user-object.ts';

/** What Message objects are made with. */
export interface MessageScope {
  source: ObjectSource;
  peers: KnownPeers;
  linked: LinkedMessages;
}

/**
 * The Message object.
 * @param depth 1: it has the message that it replies to or that was pinned, 0: it is such a message itself
 * @returns undefined for what bots are not shown
 */
export function projectMessage(scope: MessageScope, message: ShownMessage, depth: 0 | 1 = 1): JsonObject | undefined {
  const content = message._ === 'messageService' ? projectService(scope, message, depth) : projectContent(scope, message, depth);
  if (content === undefined) return undefined;
  const { id: message_id, peer_id: chat, date } = message;
  return { message_id, ...projectThread(message, scope.peers), ...projectAuthor(scope, message), chat: scope.peers.chat(chat), date, ...content };
}

/**
 * The fields `from` and `sender_chat`. Outside of channels `from` is always set, because old programs expect it: messages on behalf of a group or channel have a service
 * account there.
 */
function projectAuthor({ source, peers }: MessageScope, message: ShownMessage): JsonObject {
  const { peer_id: chat, from_id: author, out } = message;
  const isChannel = peers.kind(chat) === 'channel';
  if (author?._ === 'peerUser') return { from: peers.user(author.user_id), sender_chat: isChannel ? peers.chat(chat) : undefined };
  if (author === undefined && chat._ === 'peerUser') return { from: peers.user(out === true ? source.botId : chat.user_id) };
  const name = author ?? chat;
  const sender_chat = peers.chat(name);
  if (isChannel) return { sender_chat };
  return { from: message._ === 'message' && isAutomaticForward(message) ? AUTO_FORWARDER : peers.author(name, chat), sender_chat };
}

function projectService(scope: MessageScope, message: tl.messageService, depth: 0 | 1): JsonObject | undefined {
  const replied = projectRepliedTo(scope, message, depth);
  const action = projectAction({ source: scope.source, peers: scope.peers, replied: replied.reply_to_message }, message);
  return action && { ...replied, ...action };
}

function projectContent(scope: MessageScope, message: tl.message, depth: 0 | 1): JsonObject | undefined {
  const { peers } = scope;
  const { peer_id, media, via_bot_id: viaBotId } = message;
  const shown = withDescription(projectMedia({ source: scope.source, peers, setNames: scope.linked.setNames }, media), message, peers);
  const text = projectText(message, peers);
  if (shown === undefined || (Object.keys(shown).length === 0 && Object.keys(text).length === 0)) return undefined;
  const chat = peers.find(peer_id);
  const isProtected = message.noforwards === true || (chat !== undefined && 'noforwards' in chat && chat.noforwards === true);
  return {
    edit_date: message.edit_date,
    ...projectForward(message.fwd_from, peers),
    is_automatic_forward: ifTrue(isAutomaticForward(message)),
    ...projectReply(scope, message, depth),
    via_bot: viaBotId === undefined ? undefined : peers.user(viaBotId),
    has_protected_content: ifTrue(isProtected),
    is_from_offline: ifTrue(message.offline ?? message.from_scheduled),
    media_group_id: message.grouped_id?.toString(),
    effect_id: message.effect?.toString(),
    author_signature: ifText(message.post_author),
    sender_tag: ifText(message.from_rank),
    ...text,
    ...shown,
    show_caption_above_media: ifTrue(message.invert_media === true && hasCaption(media)),
    reply_markup: projectMarkup(message.reply_markup),
  };
}

/** Text with its link preview, or the caption; nothing for media that have neither. */
function projectText({ message: text, entities = [], media, invert_media: isAbove }: tl.message, peers: KnownPeers): JsonObject {
  if (text === '') return {};
  const found = entities.length === 0 ? [] : projectEntities(entities, (id) => peers.user(id));
  const shown = found.length > 0 ? found : undefined;
  if (hasCaption(media)) return { caption: text, caption_entities: shown };
  if (!isText(media)) return {};
  return { text, entities: shown, link_preview_options: projectPreview({ entities, media, isAbove: isAbove === true }) };
}

/** The text of a message with a poll is the description of the poll. */
function withDescription(shown: JsonObject | undefined, { message: description, entities = [] }: tl.message, peers: KnownPeers): JsonObject | undefined {
  if (shown?.['poll'] === undefined || description === '') return shown;
  const found = projectEntities(entities, (id) => peers.user(id));
  return { ...shown, poll: { ...(shown['poll'] as JsonObject), description, description_entities: found.length > 0 ? found : undefined } };
}

/** The LinkPreviewOptions object; undefined if a preview is shown as it is without a wish of the author, or there is nothing to be shown. */
function projectPreview({ entities, media, isAbove }: { entities: readonly tl.MessageEntity[]; media: tl.MessageMedia | undefined; isAbove: boolean }): JsonObject | undefined {
  if (media?._ !== 'messageMediaWebPage') return entities.some(isWebLink) ? { is_disabled: true } : undefined;
  const { manual, force_small_media: isSmall, force_large_media: isLarge, webpage } = media;
  const options = {
    url: manual === true && 'url' in webpage ? webpage.url : undefined,
    prefer_small_media: ifTrue(isSmall),
    prefer_large_media: ifTrue(isLarge),
    show_above_text: ifTrue(isAbove),
  };
  return Object.values(options).some((value) => value !== undefined) ? options : undefined;
}

/** Whether a link could have a preview. */
function isWebLink(entity: tl.MessageEntity): boolean {
  return entity._ === 'messageEntityUrl' || (entity._ === 'messageEntityTextUrl' && /^https?:/i.test(entity.url));
}

/** The message that a message replies to. In a topic, that is the first message of the topic if there is no other. */
function projectRepliedTo(scope: MessageScope, message: ShownMessage, depth: 0 | 1): { reply_to_message: JsonObject | undefined } {
  const place = linkedPlace(message);
  const replied = depth === 0 || place === undefined ? undefined : scope.linked.find(place);
  return { reply_to_message: replied && projectMessage(scope, replied, 0) };
}

/** What a message says of the one that it replies to. */
function projectReply(scope: MessageScope, message: tl.message, depth: 0 | 1): JsonObject {
  const { reply_to: header, peer_id } = message;
  if (header?._ !== 'messageReplyHeader') return {};
  const { source, peers, linked } = scope;
  const quote = projectQuote(header, peers);
  const task = { reply_to_checklist_task_id: header.todo_item_id };
  if (isExternal(header, peer_id)) return { external_reply: projectExternalReply(header, { source, peers, setNames: linked.setNames }), quote, ...task };
  return { ...projectRepliedTo(scope, message, depth), quote, ...task };
}

function projectQuote({ quote, quote_text: text, quote_entities: entities = [], quote_offset: position = 0 }: tl.messageReplyHeader, peers: KnownPeers): JsonObject | undefined {
  if (text === undefined || text === '') return undefined;
  const found = projectEntities(entities, (id) => peers.user(id));
  return { text, entities: found.length > 0 ? found : undefined, position, is_manual: ifTrue(quote) };
}

import { entitiesOf, GENERAL_TOPIC_ID, given, isForum, isVisibleText, topicOf } from '@aerogram/domain';
import type { MessageRow, OutgoingReply, ResolvedPeer } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { QUOTE_LENGTH_MAX } from './text-limits.ts';

/** What a send replies to: a message of the same chat, or one of another chat. */
export interface Replying {
  reply?: OutgoingReply;
  /** The whole header of a reply to a message of another chat. */
  header?: tl.messageReplyHeader;
  /** The topic of a forum in which the send writes, if the request names it. Without a reply it may also be the message that started a thread. */
  topicId?: number | undefined;
}

/**
 * Returns what a send replies to. Whether a message of the same chat exists is checked by the send. A request may name a topic, or the message that started a thread,
 * without replying to a message: then the id of the message is 0. Where there are no topics or threads, that says nothing.
 * @throws RpcError REPLY_MESSAGE_ID_INVALID, QUOTE_TEXT_INVALID, STORY_ID_INVALID, CHAT_FORWARDS_RESTRICTED for a protected message of another chat, and
 * as `accessInputPeer`
 */
export async function accessReplying(ctx: RpcContext, peer: ResolvedPeer, input: tl.InputReplyTo | undefined): Promise<Replying> {
  if (input === undefined) return {};
  if (input._ === 'inputReplyToStory') throw rpcError('STORY_ID_INVALID');
  if (input._ !== 'inputReplyToMessage') throw rpcError('REPLY_MESSAGE_ID_INVALID');
  const topId = given(input.top_msg_id);
  if (given(input.reply_to_msg_id) === undefined) return { topicId: peer.kind === 'channel' ? topId : undefined };
  const from = input.reply_to_peer_id === undefined ? peer : await ctx.domain.peers.accessInputPeerOrFormer(ctx.userId, input.reply_to_peer_id);
  const channel = from.kind === 'channel' ? ctx.domain.channels.at(from.channelId).posts : undefined;
  const quote = await prepareQuote(ctx, input, channel && ((ids) => channel.find(ctx.userId, ids)));
  const { reply_to_msg_id: msgId } = input;
  const taskId = given(input.todo_item_id);
  const topicId = peer.kind === 'channel' && isForum(peer.row) ? topId : undefined;
  if (from.peerId !== peer.peerId || (await isOfOtherTopic(ctx, peer, { ...input, top_msg_id: topId }))) return { topicId, header: await ctx.domain.forwards.prepareReply(ctx.userId, from, { msgId, quote, taskId }) };
  const part: tl.messageReplyHeader = { _: 'messageReplyHeader', quote: quote && true, ...quote, todo_item_id: taskId };
  return { topicId, reply: { msgId, quote: quote === undefined && taskId === undefined ? undefined : part } };
}

/**
 * Whether a reply in a forum is to a message of another topic than the one in which it is written. Clients then name the chat of the message, as for a message of
 * another chat; without that, the reply is written where the message is.
 */
async function isOfOtherTopic(ctx: RpcContext, peer: ResolvedPeer, { reply_to_peer_id: named, reply_to_msg_id: msgId, top_msg_id: topicId = GENERAL_TOPIC_ID }: tl.inputReplyToMessage): Promise<boolean> {
  if (named === undefined || peer.kind !== 'channel' || !isForum(peer.row)) return false;
  const row = (await ctx.domain.channels.at(peer.channelId).posts.find(ctx.userId, [msgId])).get(msgId);
  return row !== undefined && topicOf(row) !== topicId;
}

/** Returns the message that a call replies to, which must be of the same chat. @throws RpcError as {@link accessReplying} */
export async function accessReply(ctx: RpcContext, peer: ResolvedPeer, input: tl.InputReplyTo | undefined): Promise<OutgoingReply | undefined> {
  const { reply, header } = await accessReplying(ctx, peer, input);
  if (header !== undefined) throw rpcError('REPLY_MESSAGE_ID_INVALID');
  return reply;
}

/** The quote of a reply, rebuilt from known fields. */
export type Quote = Pick<tl.messageReplyHeader, 'quote_text' | 'quote_entities' | 'quote_offset'>;

/** Finds messages of the chat that a reply is written in, by id. */
type FindMessages = (msgIds: readonly number[]) => Promise<ReadonlyMap<number, MessageRow>>;

/**
 * Rebuilds the quote of a reply; undefined if there is none.
 * @throws RpcError QUOTE_TEXT_INVALID (over 1024 UTF-16 units), and as `normalizeText`
 */
export async function prepareQuote(
  ctx: RpcContext,
  input: tl.inputReplyToMessage,
  find: FindMessages = (msgIds) => ctx.domain.messages.find(ctx.userId, msgIds),
): Promise<Quote | undefined> {
  const { quote_text: quoted, quote_offset, reply_to_msg_id: msgId } = input;
  if (quoted === undefined || !isVisibleText(quoted)) return undefined;
  if (quoted.trim().length > QUOTE_LENGTH_MAX) throw rpcError('QUOTE_TEXT_INVALID');
  const { messages } = ctx.domain;
  // A quote may mention the users whom the quoted message mentions.
  const listNamed = async (): Promise<readonly tl.MessageEntity[]> => entitiesOf((await find([msgId])).get(msgId));
  const { text, entities } = await messages.normalizeText(ctx.userId, quoted, input.quote_entities, listNamed);
  return { quote_text: text, quote_entities: entities.length > 0 ? entities : undefined, quote_offset };
}

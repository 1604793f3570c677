import { entitiesOf, isVisibleText } from '@aerogram/domain';
import type { MessageRow, OutgoingReply, ResolvedPeer } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { QUOTE_LENGTH_MAX } from './text-limits.ts';

/**
 * Returns the message that a send replies to. Whether it is in the dialog is checked by the send.
 * @throws RpcError REPLY_MESSAGE_ID_INVALID for messages of other dialogs, STORY_ID_INVALID
 */
export async function accessReply(
  ctx: RpcContext,
  peer: ResolvedPeer,
  input: tl.InputReplyTo | undefined,
): Promise<OutgoingReply | undefined> {
  if (input === undefined) return undefined;
  if (input._ === 'inputReplyToStory') throw rpcError('STORY_ID_INVALID');
  if (input._ !== 'inputReplyToMessage') throw rpcError('REPLY_MESSAGE_ID_INVALID');
  if (input.reply_to_peer_id !== undefined) {
    const from = await ctx.domain.peers.accessInputPeer(ctx.userId, input.reply_to_peer_id);
    if (from.peerId !== peer.peerId) throw rpcError('REPLY_MESSAGE_ID_INVALID');
  }
  const channel = peer.kind === 'channel' ? ctx.domain.channels.at(peer.channelId) : undefined;
  const quote = await prepareQuote(ctx, input, channel && ((ids) => channel.find(ids)));
  return { msgId: input.reply_to_msg_id, quote: quote && { _: 'messageReplyHeader', quote: true, ...quote } };
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

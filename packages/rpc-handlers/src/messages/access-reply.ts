import type { OutgoingReply, ResolvedPeer } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

/**
 * The message that a send replies to; whether it is in the dialog is checked when it is sent.
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
  if (input.quote_text === undefined || input.quote_text.trim() === '') {
    return { msgId: input.reply_to_msg_id, quote: undefined };
  }
  const { text, entities } = await ctx.domain.messages.normalizeText(ctx.userId, input.quote_text, input.quote_entities);
  return {
    msgId: input.reply_to_msg_id,
    quote: {
      _: 'messageReplyHeader',
      quote: true,
      quote_text: text,
      quote_entities: entities.length > 0 ? entities : undefined,
      quote_offset: input.quote_offset,
    },
  };
}

import { given, inputPeerOf, isForum, isVisibleText, type ResolvedPeer } from '@aerogram/domain';
import { RpcError, rpcError } from '@aerogram/errors';
import { defineMethod, joinLimits } from '@aerogram/rpc';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { prepareQuote } from './access-reply.ts';
import { originOf } from '../origin.ts';
import { MEDIA_LIMITS, REPLY_LIMITS, TEXT_LIMITS } from './text-limits.ts';

export const saveDraft = defineMethod({
  method: 'messages.saveDraft',
  access: 'user',
  cost: 1,
  limits: joinLimits(TEXT_LIMITS, REPLY_LIMITS, MEDIA_LIMITS),
  repeat: 'idempotent',
  elsewhere: { peer: 'works', reply_to: 'works' },
  async handler(ctx, req) {
    const { dialogs, messages, peers } = ctx.domain;
    const peer = await peers.accessInputPeerOrFormer(ctx.userId, req.peer);
    const input = req.reply_to?._ === 'inputReplyToMessage' ? req.reply_to : undefined;
    const topId = input === undefined ? undefined : await findThread(ctx, peer, input);
    const place = { peerId: peer.peerId, topId };
    const reply = input === undefined || isPlaceOnly(input, topId) ? undefined : await rebuildReply(ctx, peer, input, topId);
    const isEmpty = !isVisibleText(req.message);
    const listNamed = async (): Promise<readonly tl.MessageEntity[]> => (await dialogs.findDraft(ctx.userId, place))?.entities ?? [];
    const text = isEmpty ? undefined : await messages.normalizeText(ctx.userId, req.message, req.entities, listNamed);
    const draft: tl.draftMessage | undefined =
      text === undefined && reply === undefined
        ? undefined
        : {
            _: 'draftMessage',
            no_webpage: req.no_webpage,
            invert_media: req.invert_media,
            reply_to: reply,
            message: text?.text ?? '',
            entities: text && text.entities.length > 0 ? text.entities : undefined,
            date: ctx.clock.now(),
          };
    await dialogs.doSaveDraft(ctx.userId, place, draft, originOf(ctx));
    return true;
  },
});

/**
 * Finds the thread of a channel for which the draft is. In a forum, some apps name the topic only by what the draft replies to: the topic itself, or one of its messages.
 * @throws RpcError 400 MSG_ID_INVALID if a thread is named outside of channels, and as `findTopId`
 */
async function findThread(ctx: RpcContext, peer: ResolvedPeer, input: tl.inputReplyToMessage): Promise<number | undefined> {
  const topId = given(input.top_msg_id);
  const msgId = given(input.reply_to_msg_id);
  if (peer.kind !== 'channel') {
    if (topId !== undefined) throw rpcError('MSG_ID_INVALID');
    return undefined;
  }
  const { posts } = ctx.domain.channels.at(peer.channelId);
  if (topId !== undefined) return posts.findTopId(ctx.userId, topId);
  if (msgId === undefined || input.reply_to_peer_id !== undefined || !isForum(peer.row)) return undefined;
  try {
    return await posts.findTopicId(ctx.userId, msgId);
  } catch (error) {
    // The message was deleted while its reader wrote an answer: the text is kept for the whole chat.
    if (error instanceof RpcError && error.text === 'MSG_ID_INVALID') return undefined;
    throw error;
  }
}

/** Whether a draft names at most its thread, and replies to none of its messages. */
function isPlaceOnly({ reply_to_msg_id: msgId, reply_to_peer_id, quote_text }: tl.inputReplyToMessage, topId: number | undefined): boolean {
  return given(msgId) === undefined || (msgId === topId && reply_to_peer_id === undefined && quote_text === undefined);
}

/**
 * Rebuilds what the draft replies to, without answers of polls and direct messages of channels, which nobody can reply to here.
 * @throws RpcError as `accessInputPeer` and `prepareQuote`
 */
async function rebuildReply(ctx: RpcContext, peer: ResolvedPeer, input: tl.inputReplyToMessage, topId: number | undefined): Promise<tl.inputReplyToMessage> {
  const { accessHashes, channels, peers } = ctx.domain;
  const from = input.reply_to_peer_id && (await peers.accessInputPeerOrFormer(ctx.userId, input.reply_to_peer_id));
  const isElsewhere = from !== undefined && from.peerId !== peer.peerId;
  const source = from ?? peer;
  const channel = source.kind === 'channel' ? channels.at(source.channelId).posts : undefined;
  return {
    _: 'inputReplyToMessage',
    reply_to_msg_id: input.reply_to_msg_id,
    top_msg_id: topId,
    reply_to_peer_id: isElsewhere ? inputPeerOf(accessHashes, ctx.userId, from) : undefined,
    todo_item_id: given(input.todo_item_id),
    ...(await prepareQuote(ctx, input, channel && ((msgIds) => channel.find(ctx.userId, msgIds)))),
  };
}

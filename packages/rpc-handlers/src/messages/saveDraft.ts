import { inputPeerOf, isVisibleText, type ResolvedPeer } from '@aerogram/domain';
import { defineMethod, joinLimits } from '@aerogram/rpc';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { prepareQuote } from './access-reply.ts';
import { originOf } from './origin.ts';
import { MEDIA_LIMITS, REPLY_LIMITS, TEXT_LIMITS } from './text-limits.ts';

export const saveDraft = defineMethod({
  method: 'messages.saveDraft',
  access: 'user',
  cost: 1,
  limits: joinLimits(TEXT_LIMITS, REPLY_LIMITS, MEDIA_LIMITS),
  repeat: 'idempotent',
  async handler(ctx, req) {
    const { dialogs, messages, peers } = ctx.domain;
    const peer = await peers.accessInputPeerOrFormer(ctx.userId, req.peer);
    const { peerId } = peer;
    const reply = req.reply_to?._ === 'inputReplyToMessage' ? await rebuildReply(ctx, peer, req.reply_to) : undefined;
    const isEmpty = !isVisibleText(req.message);
    const listNamed = async (): Promise<readonly tl.MessageEntity[]> => (await dialogs.findDraft(ctx.userId, peerId))?.entities ?? [];
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
    await dialogs.doSaveDraft(ctx.userId, peerId, draft, originOf(ctx));
    return true;
  },
});

/**
 * Rebuilds what the draft replies to, without topics, polls, checklists and direct messages of channels, which do not exist here.
 * @throws RpcError as `accessInputPeer` and `prepareQuote`
 */
async function rebuildReply(ctx: RpcContext, peer: ResolvedPeer, input: tl.inputReplyToMessage): Promise<tl.inputReplyToMessage> {
  const { accessHashes, channels, peers } = ctx.domain;
  const from = input.reply_to_peer_id && (await peers.accessInputPeerOrFormer(ctx.userId, input.reply_to_peer_id));
  const isElsewhere = from !== undefined && from.peerId !== peer.peerId;
  const source = from ?? peer;
  const channel = source.kind === 'channel' ? channels.at(source.channelId).posts : undefined;
  return {
    _: 'inputReplyToMessage',
    reply_to_msg_id: input.reply_to_msg_id,
    reply_to_peer_id: isElsewhere ? inputPeerOf(accessHashes, ctx.userId, from) : undefined,
    ...(await prepareQuote(ctx, input, channel && ((msgIds) => channel.find(ctx.userId, msgIds)))),
  };
}

import { prepareText } from '@aerogram/domain';
import type { ResolvedPeer, TextMessage } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { accessReplying } from './access-reply.ts';
import { findAskedSendAs } from './access-send-as.ts';
import { findSchedule } from './find-schedule.ts';
import { originOf } from './origin.ts';
import { projectScheduledAnswer } from './project-scheduled-answer.ts';
import { projectSent } from './project-sent.ts';
import { sendToChannel } from './send-to-channel.ts';

/** Requests that send one message. */
type Sending = tl.messages.sendMessage | tl.messages.sendMedia;

/**
 * Returns the peer that a request sends to.
 * @throws RpcError SHORTCUT_INVALID, RANDOM_ID_EMPTY, and as `accessInputPeer`
 */
export async function accessTarget(ctx: RpcContext, req: Sending): Promise<ResolvedPeer> {
  if (req.quick_reply_shortcut !== undefined) throw rpcError('SHORTCUT_INVALID');
  if (req.random_id === 0n) throw rpcError('RANDOM_ID_EMPTY');
  return ctx.domain.peers.accessInputPeer(ctx.userId, req.peer);
}

/** Sends or schedules one message, as the request says, and returns the answer. */
export async function sendOne(
  ctx: RpcContext,
  req: Sending,
  peer: ResolvedPeer,
  content: Pick<TextMessage, 'text' | 'media' | 'noWebpage'>,
): Promise<tl.Updates> {
  const { messages, scheduled } = ctx.domain;
  const { reply, header } = await accessReplying(ctx, peer, req.reply_to);
  const message: TextMessage = {
    text: content.text,
    media: content.media,
    noWebpage: content.noWebpage,
    senderId: ctx.userId,
    randomId: req.random_id,
    silent: req.silent === true,
    noforwards: req.noforwards === true,
    invertMedia: req.invert_media === true,
    reply,
    replyHeader: header,
    clearsDraft: req.clear_draft === true,
    origin: originOf(ctx),
    onQueued: () => ctx.handedOn(),
  };
  const sendAs = await findAskedSendAs(ctx, peer, req.send_as);
  const schedule = findSchedule(ctx, req);
  if (schedule !== undefined) {
    return projectScheduledAnswer(ctx, await scheduled.doSchedule(peer, { ...prepareText(message), sendAs }, schedule));
  }
  if (peer.kind === 'channel') return sendToChannel(ctx, peer, { ...prepareText(message), sendAs });
  return projectSent(ctx, [await messages.doSendText(peer, message)], [req.random_id], req.message);
}

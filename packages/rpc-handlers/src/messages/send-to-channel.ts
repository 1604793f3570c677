import { newPostUpdate, prepareText, type ResolvedChannel, type TextMessage } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { stepChannel } from '../channels/channel-call.ts';

/** Posts one message in a channel, and returns the answer (rule P13). */
export async function sendToChannel(ctx: RpcContext, { channelId, peerId }: ResolvedChannel, message: TextMessage): Promise<tl.Updates> {
  const { channels, dialogs, updates, users } = ctx.domain;
  // A post is prepared like any message; previews of links come with a later version.
  const [part] = prepareText(message).parts;
  if (part === undefined) throw rpcError('MESSAGE_EMPTY');
  const user = await users.findRow(ctx.userId);
  const row = await channels.at(channelId).doSend({
    actorId: ctx.userId,
    origin: message.origin,
    randomId: message.randomId,
    action: message.media?._ === 'messageMediaDice' ? 'send_stickers' : 'send_plain',
    text: part.text,
    flags: part.flags,
    extra: part.extra,
    reply: message.reply && { msgId: message.reply.msgId, quote: message.reply.quote },
    signature: `${user?.first_name ?? ''} ${user?.last_name ?? ''}`.trim(),
  });
  if (message.clearsDraft === true) await dialogs.doSaveDraft(ctx.userId, peerId, undefined, undefined);
  stepChannel(ctx, row);
  return updates.projectAnswer(ctx.userId, [{ _: 'updateMessageID', id: row.msg_id, random_id: message.randomId }, newPostUpdate(row, ctx.userId)]);
}

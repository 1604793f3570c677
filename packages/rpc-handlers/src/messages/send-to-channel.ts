import { newPostUpdate, type OutgoingPart, type OutgoingReply, type ResolvedChannel, signatureOf } from '@aerogram/domain';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { actingAs, stepPeer } from '../channels/channel-call.ts';

/** What one call posts in a channel. */
interface ChannelSend {
  parts: readonly OutgoingPart[];
  reply?: OutgoingReply;
  /** The topic of a forum in which the call writes. */
  topicId?: number | undefined;
  clearsDraft?: boolean;
  /** Marked id of the peer in whose name the call writes. */
  sendAs?: bigint;
  /** Called if an earlier call has posted these messages already. */
  onRepeat?: () => void;
}

/** Posts messages in a channel, and returns the answer (rule P13, send answers). */
export async function sendToChannel(ctx: RpcContext, peer: ResolvedChannel, { parts, reply, topicId, clearsDraft, sendAs, onRepeat }: ChannelSend): Promise<tl.Updates> {
  const { channels, updates, users } = ctx.domain;
  const user = await users.findRow(ctx.userId);
  const signature = user === undefined ? '' : signatureOf(user);
  // Bots are told that the message does not exist, as the Bot API says; people see it.
  const rows = await channels.at(peer.channelId).posts.doSend({ ...actingAs(ctx), parts, reply: reply && { msgId: reply.msgId, quote: reply.quote }, topicId, mayLoseReply: !ctx.caller.isBot, signature, clearsDraft, sendAs, onRepeat });
  for (const { pts } of rows) stepPeer(ctx, peer, { pts, ptsCount: 1 });
  const names = rows.map((row, index): tl.Update => ({ _: 'updateMessageID', id: row.msg_id, random_id: parts[index]!.randomId }));
  // The answer to a repeated call has the messages of the first one, which may have been played since.
  const shown = await channels.markUnseen(ctx.userId, rows);
  return updates.projectAnswer(ctx.userId, [...names, ...shown.map((row) => newPostUpdate(row, ctx.userId))]);
}

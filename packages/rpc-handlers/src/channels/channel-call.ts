import type { ChannelActing, ChannelDoor, ChannelOutcome, PostRow, ResolvedChannel } from '@aerogram/domain';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { originOf } from '../origin.ts';

/** Resolves a channel that a request names. Throws as `accessInputChannel`. */
export function accessChannel(ctx: RpcContext, input: tl.InputChannel): Promise<ResolvedChannel> {
  return ctx.domain.peers.accessInputChannel(ctx.userId, input);
}

/** The same for a method about comments, also for those who may read these only. Throws as `accessInputChannelOrCommented`. */
export function accessCommentedChannel(ctx: RpcContext, input: tl.InputChannel): Promise<ResolvedChannel> {
  return ctx.domain.peers.accessInputChannelOrCommented(ctx.userId, input);
}

/** The caller, as the one who changes a channel. */
export function actingAs(ctx: RpcContext): ChannelActing {
  return { actorId: ctx.userId, origin: originOf(ctx) };
}

/** Reports that the answer contains a new message of a channel. */
export function stepChannel(ctx: RpcContext, row: PostRow): void {
  ctx.boxStep({ owner: row.owner_id, pts: row.pts, ptsCount: 1 });
}

/** Reports that the answer contains an event of a channel. The sessions of those who only comment in it do not follow it, so that nothing waits for the event. */
export function stepPeer(ctx: RpcContext, { peerId, comments }: ResolvedChannel, { pts, ptsCount }: { pts: number; ptsCount: number }): void {
  if (comments === undefined) ctx.boxStep({ owner: peerId, pts, ptsCount });
}

/** The answer to a change of a channel. @param peerId marked id of the channel, which travels along */
export function answerChannel(ctx: RpcContext, peerId: bigint, { updates, step }: ChannelOutcome): Promise<tl.updates> {
  if (step !== undefined) ctx.boxStep({ owner: peerId, ...step });
  return ctx.domain.updates.projectAnswer(ctx.userId, updates, [peerId]);
}

/** Changes a setting of the channel that a request names. Returns the updates about the change. */
export async function changeSetting(
  ctx: RpcContext,
  input: tl.InputChannel,
  change: (settings: ChannelDoor['settings'], acting: ChannelActing) => Promise<ChannelOutcome>,
): Promise<tl.updates> {
  const { channelId, peerId } = await accessChannel(ctx, input);
  return answerChannel(ctx, peerId, await change(ctx.domain.channels.at(channelId).settings, actingAs(ctx)));
}

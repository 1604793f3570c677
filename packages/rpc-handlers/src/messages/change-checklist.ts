import { type ListChange, projectMessage } from '@aerogram/domain';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { actingAs, answerChannel } from '../channels/channel-call.ts';
import { originOf, stepBox } from '../origin.ts';

/** The message with the checklist that a request is about. */
interface ChecklistRequest {
  peer: tl.InputPeer;
  msgId: number;
}

/** Changes a checklist. @returns the edited message and the service message about it; no updates for a repeat. Throws as the operations of the domain. */
export async function changeChecklist(ctx: RpcContext, { peer: input, msgId }: ChecklistRequest, change: ListChange): Promise<tl.Updates> {
  const { channels, messages, peers, updates } = ctx.domain;
  const peer = await peers.accessInputPeer(ctx.userId, input);
  if (peer.kind === 'channel') return answerChannel(ctx, peer.peerId, await channels.at(peer.channelId).posts.doChangeChecklist({ ...actingAs(ctx), msgId, change }));
  const outcome = await messages.doChangeChecklist(peer, { ownerId: ctx.userId, msgId, change, origin: originOf(ctx) });
  if (outcome === undefined) return updates.projectAnswer(ctx.userId, []);
  const { row, pts, notice } = outcome;
  stepBox(ctx, pts, 1);
  const answer: tl.Update[] = [{ _: 'updateEditMessage', message: projectMessage(row), pts, pts_count: 1 }];
  if (notice !== undefined) {
    stepBox(ctx, notice.pts, 1);
    answer.push({ _: 'updateNewMessage', message: projectMessage(notice), pts: notice.pts, pts_count: 1 });
  }
  return updates.projectAnswer(ctx.userId, answer);
}

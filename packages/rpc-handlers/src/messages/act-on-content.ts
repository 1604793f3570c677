import { type ContentAct, projectMessage } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { actingAs, answerChannel } from '../channels/channel-call.ts';
import { originOf, stepBox } from '../origin.ts';

/** The message that a request is about. */
interface ActRequest {
  peer: tl.InputPeer;
  msgId: number;
}

/**
 * Changes the answers of a poll, or ticks and adds tasks of a checklist.
 * @returns the poll as it is, or the edited message; and the service message about it, unless it is a repeat
 * @throws RpcError 400 POLL_UNSUPPORTED (answers outside of groups), and as the operations of the domain
 */
export async function actOnContent(ctx: RpcContext, { peer: input, msgId }: ActRequest, act: ContentAct): Promise<tl.Updates> {
  const { channels, messages, peers, polls, updates } = ctx.domain;
  const peer = await peers.accessInputPeer(ctx.userId, input);
  // Polls that are open for answers are made in groups; a forward of one is elsewhere.
  if (act.of === 'answers' && peer.kind === 'user') throw rpcError('POLL_UNSUPPORTED');
  const findPoll = async (): Promise<tl.Update[]> => (act.of === 'answers' ? [await polls.findResults({ viewerId: ctx.userId, peerId: peer.peerId, msgId }, 0n)] : []);
  if (peer.kind === 'channel') {
    const outcome = await channels.at(peer.channelId).posts.doAct({ ...actingAs(ctx), msgId, act });
    return answerChannel(ctx, peer.peerId, { ...outcome, updates: [...outcome.updates, ...(await findPoll())] });
  }
  const outcome = await messages.doAct(peer, { ownerId: ctx.userId, msgId, act, origin: originOf(ctx) });
  const answer = await findPoll();
  if (outcome?.edited !== undefined) {
    const { row, pts } = outcome.edited;
    stepBox(ctx, pts, 1);
    answer.push({ _: 'updateEditMessage', message: projectMessage(row), pts, pts_count: 1 });
  }
  if (outcome?.notice !== undefined) {
    const { notice } = outcome;
    stepBox(ctx, notice.pts, 1);
    answer.push({ _: 'updateNewMessage', message: projectMessage(notice), pts: notice.pts, pts_count: 1 });
  }
  return updates.projectAnswer(ctx.userId, answer);
}

import { type AnswerChange, projectMessage } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { actingAs, answerChannel } from '../channels/channel-call.ts';
import { originOf, stepBox } from '../origin.ts';

/** The poll that a request is about. */
interface PollRequest {
  peer: tl.InputPeer;
  msgId: number;
}

/** Adds an answer to a poll or deletes one. @returns the poll, and the service message about it, unless it is a repeat. @throws RpcError 400 POLL_UNSUPPORTED outside of groups, and as the operations of the domain */
export async function changeAnswers(ctx: RpcContext, { peer: input, msgId }: PollRequest, change: AnswerChange): Promise<tl.Updates> {
  const { channels, messages, peers, polls, updates } = ctx.domain;
  const peer = await peers.accessInputPeer(ctx.userId, input);
  // Polls that are open for answers are made in groups; a forward of one is elsewhere.
  if (peer.kind === 'user') throw rpcError('POLL_UNSUPPORTED');
  const findPoll = (): Promise<tl.updateMessagePoll> => polls.findResults({ viewerId: ctx.userId, peerId: peer.peerId, msgId }, 0n);
  if (peer.kind === 'channel') {
    const outcome = await channels.at(peer.channelId).posts.doChangeAnswers({ ...actingAs(ctx), msgId, change });
    return answerChannel(ctx, peer.peerId, { ...outcome, updates: [...outcome.updates, await findPoll()] });
  }
  const notice = await messages.doChangeAnswers(peer, { ownerId: ctx.userId, msgId, change, origin: originOf(ctx) });
  const answer: tl.Update[] = [await findPoll()];
  if (notice !== undefined) {
    stepBox(ctx, notice.pts, 1);
    answer.push({ _: 'updateNewMessage', message: projectMessage(notice), pts: notice.pts, pts_count: 1 });
  }
  return updates.projectAnswer(ctx.userId, answer);
}

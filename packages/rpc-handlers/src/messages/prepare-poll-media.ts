import { type ResolvedPeer, UNTIL_ONLINE_DATE } from '@aerogram/domain';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { prepareSentMedia } from './prepare-sent-media.ts';

/** The message that will have a poll. */
export interface PollTarget {
  peer: ResolvedPeer;
  /** Unix seconds; undefined: it is sent now. */
  scheduleDate: number | undefined;
  /** Gets the media that are made for the poll. */
  made: tl.MessageMedia[];
}

/** Makes the poll of a new message. Throws as `Polls.doCreate`, and as texts do for the solution. */
export async function preparePollMedia(ctx: RpcContext, input: tl.inputMediaPoll, { peer, scheduleDate, made }: PollTarget): Promise<tl.messageMediaPoll> {
  const { domain, userId, clock } = ctx;
  const solution = input.solution === undefined ? undefined : await domain.messages.normalizeCaption(userId, input.solution, input.solution_entities);
  return domain.polls.doCreate({
    creatorId: userId,
    placeId: peer.peerId,
    input,
    async makeMedia(wanted) {
      const media = await prepareSentMedia(ctx, wanted, {});
      made.push(media);
      return media;
    },
    solution,
    kind: peer.kind === 'user' ? 'private' : peer.kind === 'channel' && peer.row.kind === 'broadcast' ? 'broadcast' : 'group',
    sendDate: scheduleDate === undefined || scheduleDate === UNTIL_ONLINE_DATE ? clock.now() : scheduleDate,
  });
}

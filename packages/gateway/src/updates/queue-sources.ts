import type { tl } from '@aerogram/tl';

import { deleteNothing } from './fill-holes.ts';
import type { ChannelSource, QueueSource, UpdateSource } from './update-source.ts';

const TOO_LONG: tl.updatesTooLong = { _: 'updatesTooLong' };

/** The message box of a user, as a push queue reads it. */
export function sourceOfUser(source: UpdateSource, owner: bigint): QueueSource {
  return {
    readPosition: () => source.readPosition(owner),
    listEventsSince: (reach, limit) => source.listEventsSince(owner, reach, limit),
    projectEvents: (_viewerId, events) => source.projectEvents(owner, events),
    projectTransient: (_viewerId, update) => source.projectTransient(owner, update),
    projectTooLong: () => TOO_LONG,
    fillHole: deleteNothing,
  };
}

/** The event sequence of a channel, as a push queue reads it. @param peerId marked id of the channel */
export function sourceOfChannel(channels: ChannelSource, peerId: bigint): QueueSource {
  return {
    async readPosition() {
      return (await channels.readPositions([peerId])).get(peerId) ?? { pts: 1, looseSeq: 0 };
    },
    listEventsSince: (reach, limit) => channels.listEventsSince(peerId, reach.pts, limit),
    projectEvents: (viewerId, events) => channels.projectEvents(viewerId, peerId, events),
    projectTransient: (viewerId, update) => channels.projectTransient(viewerId, peerId, update),
    projectTooLong: (viewerId, pts) => channels.projectTooLong(viewerId, peerId, pts),
    fillHole: (pts, ptsCount) => channels.fillHole(peerId, pts, ptsCount),
  };
}

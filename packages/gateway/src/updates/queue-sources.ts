import type { ChannelQueueSource, ChannelSource, QueueSource, UpdateSource } from './update-source.ts';

/** The message box of a user, as a push queue reads it. */
export function sourceOfUser(source: UpdateSource, owner: bigint): QueueSource {
  return {
    readPosition: (authKeyId) => source.readPosition(owner, authKeyId),
    listEventsSince: (reach, limit) => source.listEventsSince(owner, reach, limit),
    projectEvents: (events) => source.projectEvents(owner, events),
    projectTransient: (update) => source.projectTransient(owner, update),
    listDeviceEvents: (authKeyId, seq, limit) => source.listDeviceEvents({ owner, authKeyId }, seq, limit),
    projectUpdates: (updates) => source.projectUpdates(owner, updates),
  };
}

/** The event sequence of a channel, as a feed reads it. @param peerId marked id of the channel */
export function sourceOfChannel(channels: ChannelSource, peerId: bigint): ChannelQueueSource {
  return {
    listEventsSince: (reach, limit) => channels.listEventsSince(peerId, reach.pts, limit),
    projectEvents: (viewerId, events) => channels.projectEvents(viewerId, peerId, events),
    projectClasses: (viewerIds, events) => channels.projectClasses(viewerIds, peerId, events),
    projectTransient: (viewerId, update) => channels.projectTransient(viewerId, peerId, update),
    projectTooLong: (viewerId, pts) => channels.projectTooLong(viewerId, peerId, pts),
    fillHole: (pts, ptsCount) => channels.fillHole(peerId, pts, ptsCount),
  };
}

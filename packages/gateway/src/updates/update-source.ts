import type { BoxEvent, BoxPosition, BoxReach, DevicePlace, DeviceSlice, KnownDevices, KnownPositions, MovedDevice, PushClass, PushClasses } from '@aerogram/domain';
import type { tl } from '@aerogram/tl';

export type { PushClass, PushClasses };

/** A part of a message box's history, and the position where it ends. */
export interface EventSlice extends BoxPosition {
  /** In ascending pts: everything that the reader lacked up to `pts` and `looseSeq`. */
  events: BoxEvent[];
  /** Whether the box has further events after `pts`. */
  more: boolean;
}

/** What the pusher reads from; `domain.updates` implements it. */
export interface UpdateSource {
  /** Reads the position of a box, and that of the log of a device; a box that was never written has pts 1, and a device without a log is at 0. */
  readPosition(owner: bigint, authKeyId: bigint): Promise<BoxPosition & { deviceSeq: number }>;
  /** Reads the positions of the logs of many devices at once. Returns only those that are not at the given position. */
  listMovedDevices(known: KnownDevices): Promise<MovedDevice[]>;
  /** Reads the position of the log of a device first, then at most `limit` events after `seq`. */
  listDeviceEvents(device: DevicePlace, seq: number, limit: number): Promise<DeviceSlice>;
  /** Projects updates of the log of a device, with all peers they name. Returns synchronously if nothing has to be read. */
  projectUpdates(owner: bigint, updates: readonly tl.Update[]): tl.Updates | Promise<tl.Updates>;
  /** Reads the positions of many boxes at once. Returns only boxes that were ever written and are not at the given position. */
  listMoved(known: KnownPositions): Promise<Map<bigint, BoxPosition>>;
  /** Reads the counters first, then at most `limit` events that a session lacks. */
  listEventsSince(owner: bigint, reach: BoxReach, limit: number): Promise<EventSlice>;
  /** Projects events as the owner's devices get them, with all peers they name. Returns synchronously if nothing has to be read. */
  projectEvents(owner: bigint, events: readonly BoxEvent[]): tl.Updates | Promise<tl.Updates>;
  /** Projects an update that is not stored, with all peers it names. */
  projectTransient(owner: bigint, update: tl.Update): tl.Updates | Promise<tl.Updates>;
}

/** What a push queue reads from: the message box of one user. */
export interface QueueSource {
  /** @param authKeyId the device whose log's position is read, too */
  readPosition(authKeyId: bigint): Promise<BoxPosition & { deviceSeq: number }>;
  /** Reads the counter first, then at most `limit` events that a session lacks. */
  listEventsSince(reach: BoxReach, limit: number): Promise<EventSlice>;
  /** Projects events as the user's devices get them. Returns synchronously if nothing has to be read. */
  projectEvents(events: readonly BoxEvent[]): tl.Updates | Promise<tl.Updates>;
  /** Projects an update that is not stored. */
  projectTransient(update: tl.Update): tl.Updates | Promise<tl.Updates>;
  /** Reads the position of the log of a device first, then at most `limit` events after `seq`. */
  listDeviceEvents(authKeyId: bigint, seq: number, limit: number): Promise<DeviceSlice>;
  /** Projects updates of the log of a device. Returns synchronously if nothing has to be read. */
  projectUpdates(updates: readonly tl.Update[]): tl.Updates | Promise<tl.Updates>;
}

/** What a feed reads from: the event sequence of one channel. */
export interface ChannelQueueSource {
  /** Reads the counter first, then at most `limit` events that a session lacks. */
  listEventsSince(reach: BoxReach, limit: number): Promise<EventSlice>;
  /** Projects events as one user's devices get them; undefined if these get nothing. */
  projectEvents(viewerId: bigint, events: readonly BoxEvent[]): Promise<tl.Updates | undefined>;
  /** Projects events for many users at once; undefined if each of them sees the events differently. */
  projectClasses(viewerIds: readonly bigint[], events: readonly BoxEvent[]): Promise<PushClasses | undefined>;
  /** Projects an update that is not stored. */
  projectTransient(viewerId: bigint, update: tl.Update): Promise<tl.Updates | undefined>;
  /** Tells one user's devices to ask for the difference, because they lag too far behind. */
  projectTooLong(viewerId: bigint, pts: number): Promise<tl.Updates | undefined>;
  /** Makes the update that fills a hole of `ptsCount` up to `pts`. */
  fillHole(this: void, pts: number, ptsCount: number): tl.Update;
}

/** What the pusher reads the events of channels from; `domain.channelUpdates` implements it. Channels are given by their marked ids. */
export interface ChannelSource {
  /** Lists the channels whose events are pushed to a user, each with its pts before the user joined. */
  listFollowed(userId: bigint): Promise<{ peerId: bigint; joinedPts: number }[]>;
  /** Reads the positions of channels. */
  readPositions(peerIds: readonly bigint[]): Promise<Map<bigint, BoxPosition>>;
  listEventsSince(peerId: bigint, pts: number, limit: number): Promise<EventSlice>;
  projectEvents(viewerId: bigint, peerId: bigint, events: readonly BoxEvent[]): Promise<tl.Updates | undefined>;
  projectClasses(viewerIds: readonly bigint[], peerId: bigint, events: readonly BoxEvent[]): Promise<PushClasses | undefined>;
  projectTransient(viewerId: bigint, peerId: bigint, update: tl.Update): Promise<tl.Updates | undefined>;
  projectTooLong(viewerId: bigint, peerId: bigint, pts: number): Promise<tl.Updates | undefined>;
  fillHole(peerId: bigint, pts: number, ptsCount: number): tl.Update;
}

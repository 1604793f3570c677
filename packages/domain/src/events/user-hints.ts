import { type Bus, channelTopic, userTopic } from '@aerogram/bus';
import { isMarkedChannel } from '@aerogram/cluster';
import type { tl } from '@aerogram/tl';

import type { BoxHint, DeviceHint, UserHint } from './box-event.ts';
import { channelIdOf } from './post-row.ts';

/** Publishes that a message box or the event sequence of a channel moved. */
export function publishBoxHint(bus: Bus, hint: BoxHint): void {
  if (isMarkedChannel(hint.owner)) publishChannelHint(bus, hint);
  else publishUserHint(bus, hint);
}

/** Publishes a hint to the processes that have sessions of members of a channel. */
function publishChannelHint(bus: Bus, hint: UserHint): void {
  bus.publish(channelTopic(channelIdOf(hint.owner)), hint);
}

/**
 * Sends an update that is stored nowhere to the members of a channel who are online now.
 * @param peerId marked id of the channel
 * @param exceptUserId a member who is not told
 */
export function publishChannelTransient(bus: Bus, peerId: bigint, update: tl.Update, exceptUserId?: bigint): void {
  publishChannelHint(bus, exceptUserId === undefined ? { kind: 'transient', owner: peerId, update } : { kind: 'transient', owner: peerId, update, exceptUserId });
}

/** Subscribes to the hints of one channel. @param peerId marked id of the channel */
export function onChannelHint(bus: Bus, peerId: bigint, fn: (hint: UserHint) => void): Disposable {
  return bus.subscribe(channelTopic(channelIdOf(peerId)), (published) => {
    // The cast is safe: only publishChannelHint publishes on the topics of channels. A topic carries the hints of many channels.
    const hint = published as UserHint;
    if (hint.owner === peerId) fn(hint);
  });
}

/** Publishes a hint to the processes that have sessions of its owner. */
export function publishUserHint(bus: Bus, hint: UserHint): void {
  bus.publish(userTopic(hint.owner), hint);
}

/** Sends an update that is stored nowhere, such as typing or an online status, to those devices of `owner` that are online now. */
export function publishTransient(bus: Bus, owner: bigint, update: tl.Update): void {
  publishUserHint(bus, { kind: 'transient', owner, update });
}

/** Same as {@link publishTransient}, for all devices of `owner` but some. @param exceptKeyIds their permanent auth keys */
export function publishToOthers(bus: Bus, owner: bigint, exceptKeyIds: readonly bigint[], update: tl.Update): void {
  publishUserHint(bus, exceptKeyIds.length === 0 ? { kind: 'transient', owner, update } : { kind: 'transient', owner, update, exceptKeyIds });
}

/** Publishes that the log of one device moved, or shows that device something that is not stored. */
export function publishDeviceHint(bus: Bus, hint: DeviceHint): void {
  publishUserHint(bus, hint);
}

/** Subscribes to the hints of one user. */
export function onUserHint(bus: Bus, owner: bigint, fn: (hint: UserHint) => void): Disposable {
  // The cast is safe: only publishUserHint publishes on the topics of users.
  return bus.subscribe(userTopic(owner), (hint) => fn(hint as UserHint));
}

import { type Bus, userTopic } from '@aerogram/bus';
import type { tl } from '@aerogram/tl';

import type { UserHint } from './box-event.ts';

/** Publishes a hint to the processes that have sessions of its owner. */
export function publishUserHint(bus: Bus, hint: UserHint): void {
  bus.publish(userTopic(hint.owner), hint);
}

/** Sends an update that is stored nowhere, such as typing or an online status, to those devices of `owner` that are online now. */
export function publishTransient(bus: Bus, owner: bigint, update: tl.Update): void {
  publishUserHint(bus, { kind: 'transient', owner, update });
}

/** Subscribes to the hints of one user. */
export function onUserHint(bus: Bus, owner: bigint, fn: (hint: UserHint) => void): Disposable {
  // The cast is safe: only publishUserHint publishes on the topics of users.
  return bus.subscribe(userTopic(owner), (hint) => fn(hint as UserHint));
}

import type { Bus } from '@aerogram/bus';
import type { tl } from '@aerogram/tl';

/**
 * Hints that tell the caches of all processes what changed. They may be lost, duplicated or reordered; caches are cleared when the bus
 * reconnects.
 */
export type AccountHint =
  | { kind: 'user'; userId: bigint }
  | { kind: 'relation'; userIds: readonly [bigint, bigint] }
  | { kind: 'privacy'; userId: bigint }
  | { kind: 'settings'; userId: bigint }
  | { kind: 'key'; authKeyIds: readonly bigint[] }
  /** The user changed, for viewers who were recently shown the user. Each process knows its own viewers. */
  | { kind: 'shown'; userId: bigint; update: tl.Update }
  /** What these viewers, or all, may see of this user's status has changed. */
  | { kind: 'status_view'; userId: bigint; viewerIds?: readonly bigint[] }
  /** The row of a group or channel changed, or those of these members of it. */
  | { kind: 'chat'; markedId: bigint; userIds: readonly bigint[] }
  /** The user has accepted places in groups or channels. */
  | { kind: 'places'; userId: bigint }
  | { kind: 'presence'; changes: readonly { userId: bigint; onlineDate: number }[] };

const TOPIC = 'accounts';

/** Publishes a hint to all processes. */
export function publishAccountHint(bus: Bus, hint: AccountHint): void {
  bus.publish(TOPIC, hint);
}

/** Subscribes to the hints of all processes, including this one. */
export function onAccountHint(bus: Bus, fn: (hint: AccountHint) => void): Disposable {
  // The cast is safe: only publishAccountHint publishes on this topic.
  return bus.subscribe(TOPIC, (hint) => fn(hint as AccountHint));
}

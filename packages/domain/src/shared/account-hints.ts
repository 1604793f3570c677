import type { Bus } from '@aerogram/bus';
import type { tl } from '@aerogram/tl';

/** "This changed": tells the caches of all nodes. May be lost, doubled or reordered; a reconnect clears caches. */
export type AccountHint =
  | { kind: 'user'; userId: bigint }
  | { kind: 'relation'; userIds: readonly [bigint, bigint] }
  | { kind: 'privacy'; userId: bigint }
  | { kind: 'key'; authKeyIds: readonly bigint[] }
  /** A change of the user, for those who were shown the user lately: each process knows its own. */
  | { kind: 'shown'; userId: bigint; update: tl.Update }
  /** Others may see now of this user's status what they did not see before, or no longer what they saw. */
  | { kind: 'status_view'; userId: bigint }
  | { kind: 'presence'; changes: readonly { userId: bigint; onlineDate: number }[] };

const TOPIC = 'accounts';

/** Publishes a hint to all nodes. */
export function publishAccountHint(bus: Bus, hint: AccountHint): void {
  bus.publish(TOPIC, hint);
}

/** Hears the hints of all nodes, this one's included. */
export function onAccountHint(bus: Bus, fn: (hint: AccountHint) => void): Disposable {
  // Only publishAccountHint publishes on this topic.
  return bus.subscribe(TOPIC, (hint) => fn(hint as AccountHint));
}

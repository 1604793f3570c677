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
  /** The connection data of these keys changed, or which permanent key a temporary one belongs to. */
  | { kind: 'key'; authKeyIds: readonly bigint[] }
  /** These keys have ended, or have another user, or none any more. */
  | { kind: 'key_user'; authKeyIds: readonly bigint[] }
  /** The user changed, for viewers who were recently shown the user. Each process knows its own viewers. */
  | { kind: 'shown'; userId: bigint; update: tl.Update }
  /** What these viewers, or all, may see of this user's status has changed. */
  | { kind: 'status_view'; userId: bigint; viewerIds?: readonly bigint[] }
  /** The row of a group or channel changed, or those of these members of it. */
  | { kind: 'chat'; markedId: bigint; userIds: readonly bigint[] }
  /** Messages in the boxes of these users, or posts of these channels (marked ids), were deleted, with what files they had, or lost files by an edit; or files were taken out of lists of these users. */
  | { kind: 'deleted'; ownerIds: readonly bigint[] }
  /** The user has accepted places in groups or channels. */
  | { kind: 'places'; userId: bigint }
  /** What is said about a document has changed. */
  | { kind: 'document'; documentId: bigint }
  | { kind: 'presence'; changes: readonly { userId: bigint; onlineDate: number }[] };

const TOPIC = 'accounts';

/** Whether a hint can take something away that others have read: then nobody is answered before all nodes have dropped it. */
const IS_DECISION = {
  user: true,
  relation: true,
  privacy: true,
  settings: true,
  key: false,
  key_user: true,
  shown: false,
  status_view: false,
  chat: true,
  deleted: true,
  places: false,
  document: false,
  presence: false,
} as const satisfies Record<AccountHint['kind'], boolean>;

/** A hint that can take something away. */
export type Decision = Extract<AccountHint, { kind: { [K in AccountHint['kind']]: (typeof IS_DECISION)[K] extends true ? K : never }[AccountHint['kind']] }>;

/** Publishes a hint to all processes. */
export function publishAccountHint(bus: Bus, hint: Exclude<AccountHint, Decision>): void {
  bus.publish(TOPIC, hint);
}

/** Publishes a decision to all processes, after its commit. Resolves when it holds on all nodes, so that whoever decided may be answered. */
export function publishDecision(bus: Bus, hint: Decision): Promise<void> {
  return bus.decide(TOPIC, hint);
}

/** Resolves when all of these decisions hold on all nodes. */
export async function allDecided(decisions: readonly Promise<void>[]): Promise<void> {
  await Promise.all(decisions);
}

/** Subscribes to the hints of all processes, including this one. */
export function onAccountHint(bus: Bus, fn: (hint: AccountHint) => void): Disposable {
  // The cast is safe: only the two functions above publish on this topic.
  return bus.subscribe(TOPIC, (hint) => fn(hint as AccountHint));
}

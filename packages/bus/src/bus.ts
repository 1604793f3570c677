/**
 * Carries hints between the parts of a server. A hint says that something changed. It may be lost, duplicated or reordered; the database is
 * the truth, and listeners repair what they missed.
 */
export interface Bus {
  /** Sends a hint to the current listeners; never throws, never waits. */
  publish(topic: string, hint: unknown): void;
  /** Calls `fn` with each hint of the topic, until disposed. */
  subscribe(topic: string, fn: (hint: unknown) => void): Disposable;
  /** Calls `fn` when hints may have been lost because the bus was disconnected. */
  onReconnect(fn: () => void): Disposable;
}

/** `user:<id>`: events in a user's message box, and updates that are not stored (typing, status). */
export const userTopic = (userId: bigint): string => `user:${userId}`;

/** Whether hints of a topic are only sent to processes that listen to it, because there are many such topics. Others are sent to all. */
export const isForListeners = (topic: string): boolean => topic.startsWith('user:');

/** `auth:<auth_key_id>`: the authorisation was revoked, or its layer changed. */
export const authTopic = (authKeyId: bigint): string => `auth:${authKeyId}`;

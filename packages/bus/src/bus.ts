/**
 * Carries hints between the parts of a server: "look at this". A hint may be lost, doubled or come out of order;
 * the database is the truth, and whoever listens repairs what it missed.
 */
export interface Bus {
  /** Sends a hint to whoever listens now; never throws, never waits. */
  publish(topic: string, hint: unknown): void;
  /** Calls `fn` with each hint of the topic, until disposed. */
  subscribe(topic: string, fn: (hint: unknown) => void): Disposable;
  /** Calls `fn` when hints may have been lost because the bus was away. */
  onReconnect(fn: () => void): Disposable;
}

/** `user:<id>`: what happened in a user's box, and what is only passing (typing, status). */
export const userTopic = (userId: bigint): string => `user:${userId}`;

/** Whether a topic's hints go only to processes that listen to it; there are many such topics. Others go to all. */
export const isForListeners = (topic: string): boolean => topic.startsWith('user:');

/** `auth:<auth_key_id>`: the authorisation was revoked, its layer changed. */
export const authTopic = (authKeyId: bigint): string => `auth:${authKeyId}`;

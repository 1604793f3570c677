/**
 * Carries hints between the parts of a server. A hint says that something changed. It may be lost, duplicated or reordered; the database is
 * the truth, and listeners repair what they missed.
 */
export interface HintBus {
  /** Sends a hint to the current listeners; never throws, never waits. */
  publish(topic: string, hint: unknown): void;
  /** Calls `fn` with each hint of the topic, until disposed. */
  subscribe(topic: string, fn: (hint: unknown) => void): Disposable;
  /** Calls `fn` when hints may have been lost because the bus was disconnected. */
  onReconnect(fn: () => void): Disposable;
}

/** A bus whose hints may also be decisions: they take something away that others may have read before. */
export interface Bus extends HintBus {
  /**
   * Publishes a hint, and resolves when no node goes by what it had read before. Whoever decided is answered after that. Hints of one turn of the event loop
   * go together.
   * @throws when this node may serve no more, or others could not be asked for long
   */
  decide(topic: string, hint: unknown): Promise<void>;
}

/** `user:<id>`: events in a user's message box, and updates that are not stored (typing, status). */
export const userTopic = (userId: bigint): string => `user:${userId}`;

/** Number of topics over which the channels are spread, so that a process does not subscribe to each channel (rule S15, channel interest). */
const CHANNEL_BUCKETS = 1024n;

/** `channels:<bucket>`: events of all channels in one bucket. @param channelId the plain id of a channel */
export const channelTopic = (channelId: bigint): string => `channels:${channelId % CHANNEL_BUCKETS}`;

/** `bot:<id>`: the bot has answered a question; the hint is the id of the question. */
export const botTopic = (botId: bigint): string => `bot:${botId}`;

/** Whether hints of a topic are only sent to processes that listen to it, because there are many such topics. Others are sent to all. */
export const isForListeners = (topic: string): boolean => topic.startsWith('user:') || topic.startsWith('channels:') || topic.startsWith('bot:');

/** `auth:<auth_key_id>`: the authorisation was revoked, or its layer changed. */
export const authTopic = (authKeyId: bigint): string => `auth:${authKeyId}`;

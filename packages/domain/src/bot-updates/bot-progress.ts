/** An update over HTTP that waits for its bot. */
export interface StoredBotUpdate {
  id: number;
  name: string;
  /** Updates of one queue are told in order. */
  queue: bigint;
  /** When it is no longer told, in Unix seconds. */
  expires: number;
  /** The whole object `Update`. */
  json: string;
}

/** How far the events of a bot's box were read: as `BoxReach`. */
export interface BotReach {
  pts: number;
  looseSeq: number;
  loosePts: number;
}

/** What is known about a bot when the reading of its events begins. */
export interface OpenedBotUpdates {
  /** Proves that nobody else has begun to read since. */
  ownerEpoch: number;
  /** The id of the next update. */
  nextId: number;
  reach: BotReach;
  /** How far channels were read, by marked id. */
  channels: Map<bigint, number>;
  /** The updates that wait, in ascending order of their ids. */
  waiting: { id: number; expires: number }[];
  /** The kinds of updates that the bot wants; undefined for the default. */
  allowed: string[] | undefined;
}

/** New updates of a bot, and what they were made of. All of it is written, or nothing. */
export interface BotProgress {
  ownerEpoch: number;
  /** After these updates. */
  nextId: number;
  reach: BotReach;
  updates: readonly StoredBotUpdate[];
  /** Channels that were read further, with their pts. */
  channels: ReadonlyMap<bigint, number>;
  /** Channels in which the bot is no more. */
  ended: readonly bigint[];
  /** Updates that the bot has: all before an id, and single ones. */
  confirmed: { before: number; ids: readonly number[] };
  /** Questions that are among the updates. */
  queryIds: readonly bigint[];
}

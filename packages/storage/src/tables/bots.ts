// Row types of migrations 0089-bots, 0090-bot-queries and 0091-qts: bots, to whom they may write, and what they are asked.
import type { Generated } from 'kysely';

/** What a bot has beside its row in `users`. */
export interface BotsTable {
  bot_id: bigint;
  /** Who looks after the bot; null after that account's end. */
  owner_id: bigint | null;
  created_date: number;
  /** One more with each change of what people see of the bot, so that clients know when to ask for it. */
  info_version: Generated<number>;
  /** Whether people may add the bot to groups. */
  joins_groups: Generated<boolean>;
  /** Whether the bot sees all messages of groups that it joins from now on (privacy mode is off). */
  reads_all: Generated<boolean>;
  /** The text in the empty field of an inline query; null if the bot has no inline mode. */
  inline_placeholder: string | null;
  /** Whether clients offer to send the place of the person with inline queries. */
  inline_geo: Generated<boolean>;
  /** SHA-256 of the secret part of the token. */
  token_hash: Uint8Array;
  /** The same of the token before it, which was revoked. */
  former_hash: Uint8Array | null;
  /** The secret part of the token, sealed with the master key of files, to be shown to the owner again. */
  sealed_token: Uint8Array;
}

/** Somebody to whom a bot may write, because the person has written to it or allowed it to. */
export interface BotUsersTable {
  bot_id: bigint;
  user_id: bigint;
  since_date: number;
  /** The person blocks the bot, as far as the bot was told (0091). */
  stopped: Generated<boolean>;
  /** Position in the person's box of the block, or of its end, that the bot was told last (0091). */
  stop_seq: Generated<number>;
}

/** A question to a bot that somebody waits for, such as a pressed button (0090). The table is emptied when the database crashes. */
export interface BotQueriesTable {
  bot_id: bigint;
  /** Begins with the date, in the bits above the 31 lowest. */
  query_id: bigint;
  user_id: bigint;
  /** The answer as TL; null while there is none. */
  answer: Uint8Array | null;
}

/** An update that waits for a job to move it into the box of a bot (0091). */
export interface BotEffectsTable {
  effect_id: Generated<bigint>;
  bot_id: bigint;
  payload: Uint8Array;
}

export interface BotsTables {
  bot_effects: BotEffectsTable;
  bot_queries: BotQueriesTable;
  bots: BotsTable;
  bot_users: BotUsersTable;
}

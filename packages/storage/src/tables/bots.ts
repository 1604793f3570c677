// Row types of migrations 0089-bots to 0099-bot-webhooks: bots, to whom they may write, what they are asked, how they are made, their inline results, what people see of them, their events, their updates over HTTP, and where these are sent.
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
  /** Of how many percent of the results that people send the bot is told (0092). */
  inline_feedback: Generated<number>;
  /** The admin rights that the bot asks for in groups, as bits; 0 for none (0093). */
  group_rights: Generated<number>;
  /** The same in channels (0093). */
  broadcast_rights: Generated<number>;
  /** SHA-256 of the secret part of the token. */
  token_hash: Uint8Array;
  /** The same of the token before it, which was revoked. */
  former_hash: Uint8Array | null;
  /** The secret part of the token, sealed with the master key of files, to be shown to the owner again. */
  sealed_token: Uint8Array;
  /** Until when the bot cannot use the Bot API, in unix seconds, because it has logged out; 0 if it has not (0121). */
  logged_out_until: Generated<number>;
}

/** Somebody to whom a bot may write, because the person has written to it or allowed it to. */
export interface BotUsersTable {
  bot_id: bigint;
  user_id: bigint;
  since_date: number;
  /** The person blocks the bot, as far as the bot was told (0095). */
  stopped: Generated<boolean>;
  /** Position in the person's box of the block, or of its end, that the bot was told last (0095). */
  stop_seq: Generated<number>;
}

/**
 * A question to a bot that somebody waits for, such as a pressed button (0090); or that somebody sent an inline result, which nobody waits for (0098). The table is
 * emptied when the database crashes.
 */
export interface BotQueriesTable {
  bot_id: bigint;
  /** Begins with the date, in the bits above the 31 lowest. */
  query_id: bigint;
  user_id: bigint;
  /** The answer as TL, or for an inline query the hash of what the bot sent; null while there is none. */
  answer: Uint8Array | null;
  /** The update that the bot got (0092, 0098). */
  question: Uint8Array;
  /** Whether the update is among the bot's updates over HTTP (0098). */
  is_queued: Generated<boolean>;
}

/** The results of one inline query (0092). The table is emptied when the database crashes. */
export interface InlineSetsTable {
  /** The `query_id` with which people send a result: whoever knows it was shown the results. */
  set_id: bigint;
  bot_id: bigint;
  /** The question that the bot answered. */
  query_id: bigint;
  /** Who asked. */
  user_id: bigint;
  /** Whether nobody else may be shown the results. */
  is_private: boolean;
  /** Hash of what the results depend on, except for the person. */
  cache_key: Uint8Array;
  /** Unix seconds; until then the bot is not asked again. */
  cached_until: number;
  /** Unix seconds; until then results can be sent. */
  kept_until: number;
  /** `updateBotInlineQuery`. */
  question: Uint8Array;
  /** `messages.botResults` with media as they are stored in messages. */
  answer: Uint8Array;
}

/** Where somebody is in their talk with BotFather (0091). */
export interface BotFatherStepsTable {
  owner_id: bigint;
  /** One more with each answer. */
  turn: number;
  /** What was begun; empty if nothing. */
  purpose: string;
  /** The bot that it is about. */
  bot_id: bigint | null;
  /** What was said before, such as the name of a new bot. */
  words: string;
}

/** Texts of a bot (0093). The name and the about text without a language are those of `users`. */
export interface BotTextsTable {
  bot_id: bigint;
  /** Two letters; '' for everybody whose language has no texts of its own. */
  lang_code: string;
  /** '' for none, in this and the next columns. */
  name: Generated<string>;
  about: Generated<string>;
  description: Generated<string>;
}

/** A list of commands that a bot has for some chats and a language (0093). */
export interface BotCommandsTable {
  bot_id: bigint;
  /** The chat, marked, if the list is for one chat; otherwise 0. */
  peer_id: bigint;
  /** The member, if the list is for one member of the chat; otherwise 0. */
  user_id: bigint;
  /** A number of `CommandScope`. */
  scope: number;
  /** As in {@link BotTextsTable}. */
  lang_code: string;
  /** A `botInfo` with the commands alone, as TL. */
  commands: Uint8Array;
}

/** Chats in which the button beside the text field opens the commands of a bot (0093). */
export interface BotMenuButtonsTable {
  bot_id: bigint;
  /** The person; 0 for everybody. */
  user_id: bigint;
}

/** An update that waits for a job to move it into the box of a bot (0095). */
export interface BotEffectsTable {
  effect_id: Generated<bigint>;
  bot_id: bigint;
  payload: Uint8Array;
}

/** How far the events of a bot were read for its updates over HTTP (0098). */
export interface BotCursorsTable {
  bot_id: bigint;
  /** The id of the next update. */
  next_id: number;
  /** The position in the bot's box, as a `BoxReach` of packages/domain. */
  pts: Generated<number>;
  loose_seq: Generated<number>;
  loose_pts: Generated<number>;
  /** One more each time that a process begins to read: only the last one may write. */
  owner_epoch: Generated<number>;
  /** Epoch of the database in which ids were given last. */
  epoch: number;
  /** The kinds of updates that the bot wants; null for the default. */
  allowed_updates: string[] | null;
}

/** The same for the events of a channel, by its marked id (0098). */
export interface BotChannelCursorsTable {
  bot_id: bigint;
  peer_id: bigint;
  pts: number;
}

/** An update over HTTP that the bot has not confirmed (0098). */
export interface BotUpdatesTable {
  bot_id: bigint;
  update_id: number;
  /** The kind of update, such as `message`. */
  name: string;
  /** Updates of one queue are told in order: marked id of the chat, or id of the person. */
  queue: bigint;
  expires_date: number;
  /** The object `Update`. */
  json: string;
}

/** Where the updates of a bot are sent (0099). */
export interface BotWebhooksTable {
  bot_id: bigint;
  /** As the bot gave it. It often contains the token of the bot, so it is never logged. */
  url: string;
  /** Sent with each update; '' for none. */
  secret: string;
  /** The PEM file by which the address is recognised; null for those that everybody trusts. */
  certificate: string | null;
  /** The address that the bot wants to be reached at; '' if its name is resolved. */
  ip_address: string;
  max_connections: number;
  /** Unix seconds of the last failure; 0 for none. */
  last_error_date: Generated<number>;
  last_error_message: Generated<string>;
  /** Since when the webhook has answered only that it is gone, in Unix seconds; 0 if it has not. */
  gone_since: Generated<number>;
}

export interface BotsTables {
  bot_channel_cursors: BotChannelCursorsTable;
  bot_cursors: BotCursorsTable;
  bot_updates: BotUpdatesTable;
  bot_commands: BotCommandsTable;
  bot_effects: BotEffectsTable;
  bot_father_steps: BotFatherStepsTable;
  bot_menu_buttons: BotMenuButtonsTable;
  bot_texts: BotTextsTable;
  bot_queries: BotQueriesTable;
  bots: BotsTable;
  bot_users: BotUsersTable;
  bot_webhooks: BotWebhooksTable;
  inline_sets: InlineSetsTable;
}

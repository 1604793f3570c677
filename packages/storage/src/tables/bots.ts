// Row types of migrations 0089-bots, 0090-bot-queries and 0093-bot-info: bots, to whom they may write, what they are asked, and what people see of them.
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
}

/** Somebody to whom a bot may write, because the person has written to it or allowed it to. */
export interface BotUsersTable {
  bot_id: bigint;
  user_id: bigint;
  since_date: number;
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

export interface BotsTables {
  bot_commands: BotCommandsTable;
  bot_menu_buttons: BotMenuButtonsTable;
  bot_texts: BotTextsTable;
  bot_queries: BotQueriesTable;
  bots: BotsTable;
  bot_users: BotUsersTable;
}

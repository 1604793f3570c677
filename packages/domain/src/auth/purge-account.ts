import { defineJobKind, jsonCodec } from '@aerogram/storage';

import { dropBotFiles } from '../bot-files/index.ts';
import { dropAllKept } from '../collections/index.ts';
import { dropOwnerFiles } from '../documents/index.ts';
import { dropMessagesOf } from '../messages/index.ts';
import { dropVotesOf } from '../polls/index.ts';
import { dropMadeSetsOf } from '../sticker-sets/index.ts';
import { deleteSlice } from './account-end-store.ts';

/** Maximum number of rows deleted per transaction, so that transactions stay short (rule S13, short transactions). */
const SLICE = 1000;

/** Tables whose rows are deleted with the account of their owner, each with the column used to select a slice. */
export const PURGED_TABLES = [
  // First, so that no call that ends writes a message into the box.
  ['phone_calls', 'call_id'],
  ['message_search', 'msg_id'],
  ['update_log', 'pts'],
  ['send_keys', 'random_id'],
  ['dialogs', 'peer_id'],
  ['first_contacts', 'peer_id'],
  ['unaccepted_places', 'peer_id'],
  ['dialog_filters', 'filter_id'],
  ['chat_settings', 'owner_id'],
  ['unread_reactions', 'msg_id'],
  ['unread_mentions', 'msg_id'],
  ['unread_poll_votes', 'msg_id'],
  ['user_threads', 'top_id'],
  ['used_reactions', 'emoticon'],
  ['scheduled_messages', 'msg_id'],
  ['expiring_messages', 'msg_id'],
  ['message_tags', 'msg_id'],
  ['tag_titles', 'owner_id'],
  ['saved_pins', 'peer_id'],
  ['read_dates', 'max_id'],
  ['pinned_messages', 'msg_id'],
  ['search_state', 'owner_id'],
  ['saved_wallpapers', 'wallpaper_id'],
  ['chat_wallpapers', 'peer_id'],
  ['bot_father_steps', 'owner_id'],
  ['sticker_lists', 'kind'],
  ['installed_sets', 'set_id'],
  ['secret_chats', 'chat_id'],
  ['secret_sends', 'random_id'],
] as const;

/** Tables whose rows are deleted with a bot, as {@link PURGED_TABLES}. */
export const PURGED_BOT_TABLES = [
  ['bot_queries', 'query_id'],
  ['bot_updates', 'update_id'],
  ['bot_channel_cursors', 'peer_id'],
  ['bot_cursors', 'bot_id'],
  ['inline_sets', 'set_id'],
  ['bot_commands', 'peer_id'],
  ['bot_menu_buttons', 'user_id'],
  ['bot_texts', 'lang_code'],
  ['bot_users', 'user_id'],
  ['bot_webhooks', 'bot_id'],
] as const;

/** Deletes the box of a deleted account in slices. Other users keep their own copies of messages. Safe to repeat. */
export const purgeAccountJob = defineJobKind<{ userId: bigint }>({
  kind: 'purge-account',
  codec: jsonCodec(),
  async run({ userId }, { db, signal }) {
    const tables = [...PURGED_TABLES.map(([table, key]) => ({ table, key })), ...PURGED_BOT_TABLES.map(([table, key]) => ({ table, key, owner: 'bot_id' }))];
    for (const by of tables) {
      for (let removed = 1; removed > 0; ) {
        signal.throwIfAborted();
        removed = await db.transact('purge-account', (tx) => deleteSlice(tx, by, userId, SLICE));
      }
    }
    for (const drop of [dropMessagesOf, dropOwnerFiles, dropAllKept, dropBotFiles, dropVotesOf, dropMadeSetsOf]) {
      for (let removed = 1; removed > 0; ) {
        signal.throwIfAborted();
        removed = await db.transact('purge-account-rest', (tx) => drop(tx, userId, SLICE));
      }
    }
  },
});

import type { Tx } from '@aerogram/storage';

import { type BotSettings, INLINE_PLACEHOLDER_MAX } from '../bots/index.ts';
import { cleanLine } from '../peers/index.ts';
import { saveProfile } from '../users/index.ts';
import type { BotTexts } from './check-info.ts';
import type { CommandPlace } from './command-scope.ts';

/** Notes that people see something else of a bot from now on, so that clients ask for it again. */
export async function raiseInfoVersion(tx: Tx, botId: bigint): Promise<void> {
  await tx.q
    .updateTable('bots')
    .set((eb) => ({ info_version: eb('info_version', '+', 1) }))
    .where('bot_id', '=', botId)
    .execute();
}

/** Writes the name and the about text of a bot's profile; undefined leaves one as it is. @returns whether that changed anything */
export async function saveBotProfile(tx: Tx, botId: bigint, { first_name, about }: { first_name: string | undefined; about: string | undefined }): Promise<boolean> {
  const old = await tx.q.selectFrom('users').select(['first_name', 'about']).where('user_id', '=', botId).executeTakeFirstOrThrow();
  const after = { first_name: first_name ?? old.first_name, about: about ?? old.about };
  if (after.first_name === old.first_name && after.about === old.about) return false;
  await saveProfile(tx, botId, after);
  return true;
}

/** Writes texts of a bot in a language. @returns whether that changed anything */
export async function saveTexts(tx: Tx, botId: bigint, langCode: string, change: Partial<BotTexts>): Promise<boolean> {
  const old = await tx.q.selectFrom('bot_texts').select(['name', 'about', 'description']).where('bot_id', '=', botId).where('lang_code', '=', langCode).executeTakeFirst();
  const before = old ?? { name: '', about: '', description: '' };
  const after = { ...before, ...change };
  const isSame = after.name === before.name && after.about === before.about && after.description === before.description;
  if (isSame) return false;
  await tx.q
    .insertInto('bot_texts')
    .values({ bot_id: botId, lang_code: langCode, ...after })
    .onConflict((conflict) => conflict.columns(['bot_id', 'lang_code']).doUpdateSet(after))
    .execute();
  return true;
}

/** Whether a bot has as many lists of commands as this, or more. */
export async function hasLists(tx: Tx, botId: bigint, count: number): Promise<boolean> {
  const row = await tx.q.selectFrom('bot_commands').select('bot_id').where('bot_id', '=', botId).offset(count - 1).limit(1).executeTakeFirst();
  return row !== undefined;
}

/**
 * Writes a list of commands; undefined deletes it.
 * @returns whether that changed anything
 */
export async function saveCommands(tx: Tx, botId: bigint, { place, langCode }: { place: CommandPlace; langCode: string }, commands: Uint8Array | undefined): Promise<boolean> {
  const key = { bot_id: botId, peer_id: place.peerId, user_id: place.userId, scope: place.scope, lang_code: langCode };
  if (commands === undefined) {
    const { numDeletedRows } = await tx.q.deleteFrom('bot_commands').where((eb) => eb.and(key)).executeTakeFirst();
    return numDeletedRows > 0n;
  }
  const { numInsertedOrUpdatedRows } = await tx.q
    .insertInto('bot_commands')
    .values({ ...key, commands })
    .onConflict((conflict) =>
      conflict.columns(['bot_id', 'peer_id', 'user_id', 'scope', 'lang_code']).doUpdateSet({ commands }).where('bot_commands.commands', '!=', commands))
    .executeTakeFirstOrThrow();
  return (numInsertedOrUpdatedRows ?? 0n) > 0n;
}

/** Writes whether the button beside the text field opens the commands. @param userId 0 for everybody @returns whether that changed anything */
export async function saveMenuButton(tx: Tx, { botId, userId }: { botId: bigint; userId: bigint }, opensCommands: boolean): Promise<boolean> {
  if (opensCommands) {
    const { numInsertedOrUpdatedRows } = await tx.q
      .insertInto('bot_menu_buttons')
      .values({ bot_id: botId, user_id: userId })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirstOrThrow();
    return (numInsertedOrUpdatedRows ?? 0n) > 0n;
  }
  const { numDeletedRows } = await tx.q.deleteFrom('bot_menu_buttons').where('bot_id', '=', botId).where('user_id', '=', userId).executeTakeFirst();
  return numDeletedRows > 0n;
}

/** Writes the admin rights that a bot asks for. @returns false if they were the same before */
export async function saveDefaultRights(tx: Tx, botId: bigint, column: 'group_rights' | 'broadcast_rights', bits: number): Promise<boolean> {
  const { numUpdatedRows } = await tx.q.updateTable('bots').set({ [column]: bits }).where('bot_id', '=', botId).where(column, '!=', bits).executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Writes what the owner of a bot sets. @returns whether that changed anything */
export async function saveSettings(tx: Tx, botId: bigint, { inline_placeholder: placeholder, ...rest }: BotSettings): Promise<boolean> {
  const settings: BotSettings = { ...rest, ...(placeholder !== undefined && { inline_placeholder: placeholder && cleanLine(placeholder, INLINE_PLACEHOLDER_MAX) }) };
  const old = await tx.q.selectFrom('bots').select(['joins_groups', 'reads_all', 'inline_placeholder', 'inline_geo', 'inline_feedback']).where('bot_id', '=', botId).executeTakeFirstOrThrow();
  if (Object.entries(settings).every(([key, value]) => old[key as keyof BotSettings] === value)) return false;
  await tx.q.updateTable('bots').set(settings).where('bot_id', '=', botId).execute();
  return true;
}

import { rpcError } from '@aerogram/errors';
import type { Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { type BotSettings, lockBot } from '../bots/index.ts';
import { packAdminRights } from '../chats/index.ts';
import { checkedNames } from '../peers/index.ts';
import { hasLists, raiseInfoVersion, saveBotProfile, saveCommands, saveDefaultRights, saveMenuButton, saveSettings, saveTexts } from './bot-info-store.ts';
import { type BotTextChange, checkedCommands, checkedTexts, checkLangCode } from './check-info.ts';
import type { CommandPlace } from './command-scope.ts';
import { packCommands } from './find-bot-info.ts';

/** Maximum number of lists of commands of a bot, so that a bot cannot fill the database with lists for single chats. */
const LISTS_MAX = 10_000;

/** For whom commands are, and in which language: two letters, or '' for everybody whose language has no list of its own. */
export interface CommandListKey {
  place: CommandPlace;
  langCode: string;
}

/** The kinds of chats for which a bot asks for admin rights. */
const RIGHT_COLUMNS = { group: 'group_rights', broadcast: 'broadcast_rights' } as const;

/** A kind of chats for which a bot asks for admin rights. */
export type RightsKind = keyof typeof RIGHT_COLUMNS;

/** A change of what people see of a bot. What was asked for is checked already. */
export interface BotChange {
  /** Writes it. @returns whether that changed anything */
  write(tx: Tx, botId: bigint): Promise<boolean>;
  /** Whether it may concern everybody, so that clients ask for the bot again. */
  isForAll: boolean;
  /** Whether the name that people see beside the bot may be another one. */
  isRename?: boolean;
}

/** Who changes which bot. */
export interface BotEditor {
  botId: bigint;
  /** The bot itself, or its owner; undefined for the operator. */
  actorId: bigint | undefined;
}

/**
 * A change of the texts of a bot. Without a language, the name and the about text are those of its profile.
 * @throws RpcError 400 LANG_CODE_INVALID, FIRSTNAME_INVALID, ABOUT_TOO_LONG, INPUT_TEXT_TOO_LONG
 */
export function textChange(langCode: string, change: BotTextChange): BotChange {
  checkLangCode(langCode);
  const asked = checkedTexts(change);
  if (langCode !== '') return { isForAll: true, write: (tx, botId) => saveTexts(tx, botId, langCode, asked) };
  const { name, about, description } = asked;
  if (name !== undefined) checkedNames(name, '');
  return {
    isForAll: true,
    isRename: name !== undefined,
    async write(tx, botId) {
      const isProfile = await saveBotProfile(tx, botId, { first_name: name, about });
      const isTold = description !== undefined && (await saveTexts(tx, botId, '', { description }));
      return isProfile || isTold;
    },
  };
}

/**
 * A change of the commands of a bot in some chats; without any, they are deleted, and those of wider places count. Writing it throws BOT_COMMAND_INVALID if the
 * bot would have too many lists.
 * @throws RpcError 400 LANG_CODE_INVALID, BOT_COMMAND_INVALID, BOT_COMMAND_DESCRIPTION_INVALID
 */
export function commandChange(key: CommandListKey, commands: readonly tl.BotCommand[]): BotChange {
  checkLangCode(key.langCode);
  const list = checkedCommands(commands);
  const isForAll = key.place.peerId === 0n;
  return {
    isForAll,
    async write(tx, botId) {
      const isSaved = await saveCommands(tx, botId, key, list.length === 0 ? undefined : packCommands(list));
      // Lists that exist can still be changed.
      if (isSaved && list.length > 0 && (await hasLists(tx, botId, LISTS_MAX + 1))) throw rpcError('BOT_COMMAND_INVALID');
      return isSaved;
    },
  };
}

/** A change of what the owner of a bot sets. */
export function settingChange(settings: BotSettings): BotChange {
  return { isForAll: true, write: (tx, botId) => saveSettings(tx, botId, settings) };
}

/**
 * A change of the button beside the text field of a private chat.
 * @param userId the person; 0 for everybody
 * @throws RpcError 400 BUTTON_INVALID (the server has no mini apps)
 */
export function menuButtonChange(userId: bigint, button: tl.BotMenuButton): BotChange {
  if (button._ === 'botMenuButton') throw rpcError('BUTTON_INVALID');
  return { isForAll: userId === 0n, write: (tx, botId) => saveMenuButton(tx, { botId, userId }, button._ === 'botMenuButtonCommands') };
}

/** A change of the admin rights for which a bot asks the people who add it. */
export function rightsChange(kind: RightsKind, rights: tl.chatAdminRights): BotChange {
  return { isForAll: true, write: (tx, botId) => saveDefaultRights(tx, botId, RIGHT_COLUMNS[kind], packAdminRights(rights)) };
}

/**
 * Locks a bot until the transaction ends, if it may be changed.
 * @throws RpcError 400 BOT_INVALID (it is deleted, or neither the actor nor a bot of the actor)
 */
export async function lockBotToEdit(tx: Tx, { botId, actorId }: BotEditor): Promise<void> {
  const bot = await lockBot(tx, botId);
  if (bot === undefined || bot.deleted || (actorId !== undefined && actorId !== botId && bot.owner_id !== actorId)) throw rpcError('BOT_INVALID');
}

/**
 * Changes a bot. A change that everybody may see raises the version by which clients know that they must ask again.
 * @returns whether anything is other than before
 * @throws RpcError 400 BOT_INVALID (as {@link lockBotToEdit}), and what the change throws
 */
export async function changeBot(tx: Tx, editor: BotEditor, { write, isForAll }: BotChange): Promise<boolean> {
  await lockBotToEdit(tx, editor);
  if (!(await write(tx, editor.botId))) return false;
  if (isForAll) await raiseInfoVersion(tx, editor.botId);
  return true;
}

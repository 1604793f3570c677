import { rpcError } from '@aerogram/errors';
import type { Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { BotRows } from '../bot-rows/index.ts';
import { lockBot } from '../bots/index.ts';
import { packAdminRights, projectAdminRights } from '../chats/index.ts';
import { publishTransient } from '../events/index.ts';
import { checkedNames, type UserRow } from '../peers/index.ts';
import type { DomainDeps } from '../shared/index.ts';
import { projectUserName, type Users } from '../users/index.ts';
import { hasLists, raiseInfoVersion, saveBotProfile, saveCommands, saveDefaultRights, saveMenuButton, saveTexts } from './bot-info-store.ts';
import { type BotTextChange, type BotTexts, checkedCommands, checkedTexts, checkLangCode } from './check-info.ts';
import { type BotViewer, type CommandPlace, CommandScope } from './command-scope.ts';
import { findShownInfo, findTexts, packCommands, type ShownInfo, unpackCommands } from './find-bot-info.ts';
import { BotsOfSupergroups } from './bots-of-supergroups.ts';

/** Maximum number of lists of commands of a bot, so that a bot cannot fill the database with lists for single chats. */
const LISTS_MAX = 10_000;

/** For whom commands are, and in which language: two letters, or '' for everybody whose language has no list of its own. */
export interface CommandListKey {
  place: CommandPlace;
  langCode: string;
}

/** The kinds of chats for which a bot asks for admin rights. */
const RIGHT_COLUMNS = { group: 'group_rights', broadcast: 'broadcast_rights' } as const;

type BotInfosDeps = Pick<DomainDeps, 'db' | 'bus'>;

interface BotInfosParts {
  users: Pick<Users, 'findRows' | 'userChanged' | 'showChange'>;
  botRows: Pick<BotRows, 'findRow'>;
}

/** What people see of bots beside name and photo: texts, commands, the button beside the text field, and the rights that the bot asks for. */
export class BotInfos implements Disposable {
  readonly #deps: BotInfosDeps;
  readonly #users: BotInfosParts['users'];
  readonly #botRows: BotInfosParts['botRows'];
  readonly #groupBots: BotsOfSupergroups;

  constructor(deps: BotInfosDeps, { users, botRows }: BotInfosParts) {
    this.#deps = deps;
    this.#users = users;
    this.#botRows = botRows;
    this.#groupBots = new BotsOfSupergroups(deps);
  }

  /**
   * Changes the texts of a bot. Without a language, the name and the about text are those of its profile.
   * @param actorId the bot or its owner
   * @throws RpcError 400 BOT_INVALID, LANG_CODE_INVALID, FIRSTNAME_INVALID, ABOUT_TOO_LONG, INPUT_TEXT_TOO_LONG
   */
  async doSetTexts(actorId: bigint, botId: bigint, langCode: string, change: BotTextChange): Promise<void> {
    checkLangCode(langCode);
    const asked = checkedTexts(change);
    if (langCode === '' && asked.name !== undefined) checkedNames(asked.name, '');
    const { name, about, description } = asked;
    const isRenamed = langCode === '' && name !== undefined;
    await this.#change(botId, actorId, async (tx) => {
      if (langCode !== '') return saveTexts(tx, botId, langCode, asked);
      const isProfile = await saveBotProfile(tx, botId, { first_name: name, about });
      const isTold = description !== undefined && (await saveTexts(tx, botId, '', { description }));
      return isProfile || isTold;
    });
    if (!isRenamed) return;
    const row = await this.#deps.db.q.selectFrom('users').select(['user_id', 'first_name', 'last_name', 'username']).where('user_id', '=', botId).executeTakeFirst();
    if (row !== undefined) this.#users.showChange(botId, projectUserName(row));
  }

  /** The texts of a bot in a language, and without one where that has none. @throws RpcError 400 LANG_CODE_INVALID */
  async findTexts(bot: UserRow, langCode: string): Promise<BotTexts> {
    checkLangCode(langCode);
    const texts = (await findTexts(this.#deps.db.q, [bot.user_id], langCode)).get(bot.user_id);
    return { name: texts?.name || bot.first_name, about: texts?.about || bot.about, description: texts?.description ?? '' };
  }

  /**
   * Sets the commands of a bot in some chats; without any, they are deleted, and those of wider places count.
   * @param actorId the bot or its owner
   * @throws RpcError 400 BOT_INVALID, LANG_CODE_INVALID, BOT_COMMAND_INVALID (also for too many lists), BOT_COMMAND_DESCRIPTION_INVALID
   */
  async doSetCommands(actorId: bigint, botId: bigint, key: CommandListKey, commands: readonly tl.BotCommand[]): Promise<void> {
    checkLangCode(key.langCode);
    const list = checkedCommands(commands);
    const isForAll = key.place.peerId === 0n;
    const isChanged = await this.#change(botId, actorId, async (tx) => {
      const isSaved = await saveCommands(tx, botId, key, list.length === 0 ? undefined : packCommands(list));
      // Lists that exist can still be changed.
      if (isSaved && list.length > 0 && (await hasLists(tx, botId, LISTS_MAX + 1))) throw rpcError('BOT_COMMAND_INVALID');
      return isSaved;
    }, isForAll);
    if (isChanged && !isForAll) await this.#tellCommands(botId, key);
  }

  /** The commands that a bot has set for some chats; not those that count instead where there are none. @throws RpcError 400 LANG_CODE_INVALID */
  async findCommands(botId: bigint, { place, langCode }: CommandListKey): Promise<tl.BotCommand[]> {
    checkLangCode(langCode);
    const row = await this.#deps.db.q
      .selectFrom('bot_commands')
      .select('commands')
      .where((eb) => eb.and({ bot_id: botId, peer_id: place.peerId, user_id: place.userId, scope: place.scope, lang_code: langCode }))
      .executeTakeFirst();
    return row === undefined ? [] : unpackCommands(row.commands);
  }

  /**
   * Sets the button beside the text field of a private chat.
   * @param userId the person; 0 for everybody
   * @throws RpcError 400 BUTTON_INVALID (the server has no mini apps)
   */
  async doSetMenuButton(botId: bigint, userId: bigint, button: tl.BotMenuButton): Promise<void> {
    if (button._ === 'botMenuButton') throw rpcError('BUTTON_INVALID');
    const isChanged = await this.#change(botId, botId, (tx) => saveMenuButton(tx, { botId, userId }, button._ === 'botMenuButtonCommands'), userId === 0n);
    if (isChanged && userId !== 0n) publishTransient(this.#deps.bus, userId, { _: 'updateBotMenuButton', bot_id: botId, button: await this.findMenuButton(botId, userId) });
  }

  /** The button beside the text field of a person, or of everybody for 0. */
  async findMenuButton(botId: bigint, userId: bigint): Promise<tl.BotMenuButton> {
    const row = await this.#deps.db.q.selectFrom('bot_menu_buttons').select('user_id').where('bot_id', '=', botId).where('user_id', 'in', [0n, userId]).executeTakeFirst();
    return projectMenuButton(row !== undefined);
  }

  /**
   * Sets the admin rights for which a bot asks the people who add it.
   * @throws RpcError 400 RIGHTS_NOT_MODIFIED
   */
  async doSetDefaultRights(botId: bigint, kind: keyof typeof RIGHT_COLUMNS, rights: tl.chatAdminRights): Promise<void> {
    const isChanged = await this.#change(botId, botId, (tx) => saveDefaultRights(tx, botId, RIGHT_COLUMNS[kind], packAdminRights(rights)));
    if (!isChanged) throw rpcError('RIGHTS_NOT_MODIFIED');
  }

  /** What the page of a bot shows a viewer beside the profile; nothing for people. */
  async findFull(bot: UserRow, viewer: BotViewer): Promise<Partial<tl.userFull>> {
    if (!bot.bot || bot.deleted) return {};
    const botId = bot.user_id;
    const [info, row] = await Promise.all([findShownInfo(this.#deps.db, [botId], viewer), this.#botRows.findRow(botId)]);
    const shown = info.get(botId)!;
    const rightsOf = (bits = 0): tl.chatAdminRights | undefined => (bits === 0 ? undefined : projectAdminRights(bits));
    return {
      ...(shown.texts.about === '' ? {} : { about: shown.texts.about }),
      bot_info: projectBotInfo(botId, shown),
      bot_group_admin_rights: rightsOf(row?.group_rights),
      bot_broadcast_admin_rights: rightsOf(row?.broadcast_rights),
    };
  }

  /** What a basic group shows a viewer of the bots among its members. */
  async listAmong(userIds: readonly bigint[], viewer: BotViewer): Promise<tl.botInfo[]> {
    const rows = await this.#users.findRows(userIds);
    return this.#listCommands(userIds.filter((id) => rows.get(id)?.bot === true), viewer);
  }

  /** What a supergroup shows a viewer of the bots in it. */
  async listInSupergroup(channelId: bigint, viewer: BotViewer): Promise<tl.botInfo[]> {
    return this.#listCommands(await this.#groupBots.list(channelId), viewer);
  }

  [Symbol.dispose](): void {
    this.#groupBots[Symbol.dispose]();
  }

  async #listCommands(botIds: readonly bigint[], viewer: BotViewer): Promise<tl.botInfo[]> {
    const shown = await findShownInfo(this.#deps.db, botIds, viewer);
    return [...shown].map(([botId, { commands }]) => ({ _: 'botInfo', user_id: botId, commands }));
  }

  /**
   * Changes a bot in one transaction, and tells those who look at it if something changed.
   * @param actorId the bot itself, or its owner
   * @param isForAll whether it may concern everybody, so that clients ask for the bot again
   * @throws RpcError 400 BOT_INVALID
   */
  async #change(botId: bigint, actorId: bigint, change: (tx: Tx) => Promise<boolean>, isForAll = true): Promise<boolean> {
    const isChanged = await this.#deps.db.transact('change-bot', async (tx) => {
      const bot = await lockBot(tx, botId);
      if (bot === undefined || bot.deleted || (actorId !== botId && bot.owner_id !== actorId)) throw rpcError('BOT_INVALID');
      if (!(await change(tx))) return false;
      if (!isForAll) return true;
      await raiseInfoVersion(tx, botId);
      tx.afterCommit(() => this.#users.userChanged(botId));
      return true;
    });
    if (isChanged && isForAll) this.#users.showChange(botId, { _: 'updateUser', user_id: botId });
    return isChanged;
  }

  /** Tells the person for whom commands were changed which count now. What is for a whole group, clients learn with the group. */
  async #tellCommands(botId: bigint, { place, langCode }: CommandListKey): Promise<void> {
    const { scope, peerId, userId } = place;
    if (scope !== CommandScope.peer || peerId < 0n || userId !== 0n) return;
    const { commands } = (await findShownInfo(this.#deps.db, [botId], { userId: peerId, langCode })).get(botId)!;
    publishTransient(this.#deps.bus, peerId, { _: 'updateBotCommands', peer: { _: 'peerUser', user_id: botId }, bot_id: botId, commands });
  }
}

/** The button beside the text field. Pure. */
function projectMenuButton(opensCommands: boolean): tl.BotMenuButton {
  return { _: opensCommands ? 'botMenuButtonCommands' : 'botMenuButtonDefault' };
}

/** What a private chat with a bot shows. Pure. */
function projectBotInfo(botId: bigint, { commands, texts, opensCommands }: ShownInfo): tl.botInfo {
  return {
    _: 'botInfo',
    user_id: botId,
    description: texts.description === '' ? undefined : texts.description,
    commands: commands.length === 0 ? undefined : commands,
    menu_button: projectMenuButton(opensCommands),
  };
}

import { unmarkPeer } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';
import type { Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { BotRows } from '../bot-rows/index.ts';
import { type Chats, projectAdminRights } from '../chats/index.ts';
import { publishTransient, type SubjectDeps } from '../events/index.ts';
import { findUserRows, type UserRow } from '../peers/index.ts';
import { projectUserName, type Users } from '../users/index.ts';
import { type BotChange, type BotEditor, changeBot, commandChange, type CommandListKey, menuButtonChange, type RightsKind, rightsChange, textChange } from './change-bot.ts';
import { type BotTextChange, type BotTexts, checkLangCode } from './check-info.ts';
import { type BotViewer, type CommandPlace, CommandScope } from './command-scope.ts';
import { findShownInfo, findTexts, type ShownInfo, unpackCommands } from './find-bot-info.ts';
import { BotsOfSupergroups } from './bots-of-supergroups.ts';

type BotInfosDeps = Pick<SubjectDeps, 'db' | 'bus' | 'cardTeller'>;

interface BotInfosParts {
  users: Pick<Users, 'findRows' | 'userChanged' | 'showChange'>;
  botRows: Pick<BotRows, 'findRow'>;
  chats: Pick<Chats, 'findMember'>;
  /** What a bot shows that is a part of the server; undefined for all others, of which rows say it. */
  findBuiltIn(botId: bigint, langCode: string): ShownInfo | undefined;
}

/** What people see of bots beside name and photo: texts, commands, the button beside the text field, and the rights that the bot asks for. */
export class BotInfos implements Disposable {
  readonly #deps: BotInfosDeps;
  readonly #users: BotInfosParts['users'];
  readonly #botRows: BotInfosParts['botRows'];
  readonly #chats: BotInfosParts['chats'];
  readonly #findBuiltIn: BotInfosParts['findBuiltIn'];
  readonly #groupBots: BotsOfSupergroups;

  constructor(deps: BotInfosDeps, { users, botRows, chats, findBuiltIn }: BotInfosParts) {
    this.#deps = deps;
    this.#users = users;
    this.#botRows = botRows;
    this.#chats = chats;
    this.#findBuiltIn = findBuiltIn;
    this.#groupBots = new BotsOfSupergroups(deps);
  }

  /**
   * Changes the texts of a bot. Without a language, the name and the about text are those of its profile.
   * @param actorId the bot or its owner
   * @throws RpcError 400 BOT_INVALID, LANG_CODE_INVALID, FIRSTNAME_INVALID, ABOUT_TOO_LONG, INPUT_TEXT_TOO_LONG
   */
  async doSetTexts(actorId: bigint, botId: bigint, langCode: string, change: BotTextChange): Promise<void> {
    await this.#change({ botId, actorId }, textChange(langCode, change));
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
    const change = commandChange(key, commands);
    if ((await this.#change({ botId, actorId }, change)) && !change.isForAll) await this.#tellCommands(botId, key);
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
    const isChanged = await this.#change({ botId, actorId: botId }, menuButtonChange(userId, button));
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
  async doSetDefaultRights(botId: bigint, kind: RightsKind, rights: tl.chatAdminRights): Promise<void> {
    if (!(await this.#change({ botId, actorId: botId }, rightsChange(kind, rights)))) throw rpcError('RIGHTS_NOT_MODIFIED');
  }

  /**
   * Changes a bot in a transaction of the caller, and tells those who look at it after the commit.
   * @returns whether anything is other than before
   * @throws RpcError 400 BOT_INVALID (it is deleted, or neither the actor nor a bot of the actor), and what the change throws
   */
  async changeIn(tx: Tx, editor: BotEditor, change: BotChange): Promise<boolean> {
    const { botId } = editor;
    if (!(await changeBot(tx, editor, change))) return false;
    if (!change.isForAll) return true;
    const updates: tl.Update[] = [{ _: 'updateUser', user_id: botId }];
    const row = change.isRename === true ? (await findUserRows(tx, [botId])).get(botId) : undefined;
    if (row !== undefined) updates.push(projectUserName(row));
    await this.#deps.cardTeller?.tell(tx, [botId]);
    tx.afterCommit(() => {
      const isSettled = this.#users.userChanged(botId);
      for (const update of updates) this.#users.showChange(botId, update);
      return isSettled;
    });
    return true;
  }

  /** What the page of a bot shows a viewer beside the profile; nothing for people. */
  async findFull(bot: UserRow, viewer: BotViewer): Promise<Partial<tl.userFull>> {
    if (!bot.bot || bot.deleted) return {};
    const botId = bot.user_id;
    const builtIn = this.#findBuiltIn(botId, viewer.langCode);
    if (builtIn !== undefined) return { bot_info: projectBotInfo(botId, builtIn) };
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

  #change(editor: BotEditor, change: BotChange): Promise<boolean> {
    return this.#deps.db.transact('change-bot', (tx) => this.changeIn(tx, editor, change));
  }

  /**
   * Tells the person for whom alone commands were changed which count now. Lists for all members or admins of a group are told to nobody: each member may have another list, by
   * rights and language, and every call of a bot would push something to all members who are online. Clients read them with the group.
   */
  async #tellCommands(botId: bigint, { place, langCode }: CommandListKey): Promise<void> {
    const viewer = await this.#findOnlyViewer(botId, place);
    if (viewer === undefined) return;
    const { commands } = (await findShownInfo(this.#deps.db, [botId], { ...viewer, langCode })).get(botId)!;
    const peer: tl.Peer = viewer.chat === undefined ? { _: 'peerUser', user_id: botId } : unmarkPeer(viewer.chat.peerId);
    publishTransient(this.#deps.bus, viewer.userId, { _: 'updateBotCommands', peer, bot_id: botId, commands });
  }

  /** The person whom a list of commands is for, if it is for one person who sees it now. */
  async #findOnlyViewer(botId: bigint, { scope, peerId, userId }: CommandPlace): Promise<Omit<BotViewer, 'langCode'> | undefined> {
    if (scope === CommandScope.peer && peerId > 0n) return { userId: peerId };
    if (scope !== CommandScope.peerUser) return undefined;
    const [member, bot] = await Promise.all([userId, botId].map((id) => this.#chats.findMember(peerId, id)));
    if (member?.status !== 'member' || bot?.status !== 'member') return undefined;
    return { userId, chat: { peerId, isAdmin: member.role !== 'member' } };
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

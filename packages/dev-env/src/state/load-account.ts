import { isMarkedChannel } from '@aerogram/cluster';
import { keyOfReaction } from '@aerogram/domain';
import type { tl } from '@aerogram/tl';
import { AccountState } from './account-state.ts';
import { markPeer } from './box-message.ts';
import { keepBar, setOrder, asMessagesCell } from './dialog-effects.ts';
import { applyEffect } from './effects.ts';
import { fullChatCell, isOutside, keepChats, markChat } from './group-effects.ts';
import { scheduledCell } from './message-effects.ts';
import { type MessageBox, raise } from './message-box.ts';
import { keepBrowser, keepNotifySettings, privacyCell, siteCell } from './settings-effects.ts';
import { keepFullUser, keepUsers } from './user-effects.ts';

/** Calls methods of the newest layer as a device of the account. */
export interface Reader {
  readonly self: number;
  call<M extends keyof tl.RpcMethods>(request: tl.RpcMethods[M]['req']): Promise<tl.RpcMethods[M]['res']>;
  /** The text of the error that a call was refused with; undefined for whatever else went wrong. */
  refusalOf(error: unknown): string | undefined;
}

type DialogPlace = Pick<tl.messages.getDialogs, 'offset_date' | 'offset_id' | 'offset_peer'>;

const PAGE = 100;

const PRIVACY_KEYS = [
  'StatusTimestamp', 'ChatInvite', 'PhoneCall', 'PhoneP2P', 'Forwards', 'ProfilePhoto', 'PhoneNumber', 'AddedByPhone', 'VoiceMessages', 'About', 'Birthday',
  'StarGiftsAutoSave', 'NoPaidMessages', 'SavedMusic',
] as const;

/**
 * Reads everything of an account as a device that knows nothing, and, if nothing arrived meanwhile, checks that what it says twice is the same.
 *
 * @param also further people whose chats are read, in which there may be nothing that lists them
 */
export async function loadAccount(reader: Reader, also: readonly tl.InputPeer[] = []): Promise<AccountState> {
  const state = new AccountState(reader.self);
  const load = new Load(reader, state);
  const { pts, qts, date, unread_count: unread } = await reader.call<'updates.getState'>({ _: 'updates.getState' });
  await load.dialogs();
  await Promise.all([load.contacts(), load.blocked(), load.drafts(), load.notifications(), load.privacy(), load.folders(), load.reactions(), load.apps(), load.kept(), load.saved()]);
  for (const peer of also) load.meet(peer);
  await load.chats();
  // What is read while a message arrives may differ.
  if (pts === (await reader.call<'updates.getState'>({ _: 'updates.getState' })).pts) {
    load.check();
    const counted = load.countUnread();
    if (unread !== counted) state.violations.push(`updates.getState counts ${unread} unread messages, the dialogs ${counted}`);
  }
  // Last, so that what is read is at least as new as this says.
  Object.assign(state, { pts, qts, date });
  return state;
}

/** One load; its parts may run side by side. */
class Load {
  readonly #reader: Reader;
  readonly #state: AccountState;
  readonly #peers = new Map<number, tl.InputPeer>();
  readonly #dialogs = new Map<number, tl.dialog>();
  readonly #channels = new Map<number, tl.inputPeerChannel>();
  #savedTops = new Map<number, number>();
  #tagCounts = new Map<string, number>();

  constructor(reader: Reader, state: AccountState) {
    this.#reader = reader;
    this.#state = state;
    this.#peers.set(state.self, { _: 'inputPeerSelf' });
  }

  meet(peer: tl.InputPeer): void {
    if (peer._ === 'inputPeerUser') this.#peers.set(Number(peer.user_id), peer);
  }

  async dialogs(): Promise<void> {
    for (const folder_id of [0, 1]) {
      let place: DialogPlace | undefined = { offset_date: 0, offset_id: 0, offset_peer: { _: 'inputPeerEmpty' } };
      while (place !== undefined) place = await this.#loadDialogs(folder_id, place);
      const pinned = await this.#call<'messages.getPinnedDialogs'>({ _: 'messages.getPinnedDialogs', folder_id });
      setOrder(this.#state, `pinned ${folder_id}`, pinned.dialogs.flatMap((one) => (one._ === 'dialog' ? [markPeer(one.peer)] : [])));
    }
  }

  async contacts(): Promise<void> {
    const { _: kind, ...found } = await this.#call<'contacts.getContacts'>({ _: 'contacts.getContacts', hash: 0n });
    if (kind === 'contacts.contacts' && 'users' in found) this.#take(found.users);
  }

  async blocked(): Promise<void> {
    for (const my_stories_from of [undefined, true] as const) {
      const found = await this.#call<'contacts.getBlocked'>({ _: 'contacts.getBlocked', my_stories_from, offset: 0, limit: PAGE });
      this.#take(found.users);
      for (const { peer_id } of found.blocked) this.#state.cells.set(`blocked ${my_stories_from ? 'stories ' : ''}${markPeer(peer_id)}`, true);
    }
  }

  async drafts(): Promise<void> {
    this.#replay(await this.#call<'messages.getAllDrafts'>({ _: 'messages.getAllDrafts' }));
  }

  async notifications(): Promise<void> {
    this.#replay(await this.#call<'account.getNotifyExceptions'>({ _: 'account.getNotifyExceptions', compare_sound: true, compare_stories: true }));
    for (const [input, kind] of [['inputNotifyUsers', 'notifyUsers'], ['inputNotifyChats', 'notifyChats'], ['inputNotifyBroadcasts', 'notifyBroadcasts']] as const) {
      keepNotifySettings(this.#state, { _: kind }, await this.#call<'account.getNotifySettings'>({ _: 'account.getNotifySettings', peer: { _: input } }));
    }
  }

  async privacy(): Promise<void> {
    const rules = PRIVACY_KEYS.map((key) => this.#call<'account.getPrivacy'>({ _: 'account.getPrivacy', key: { _: `inputPrivacyKey${key}` } }));
    for (const [index, found] of (await Promise.all(rules)).entries()) this.#state.cells.set(privacyCell(PRIVACY_KEYS[index]!), found.rules);
  }

  async folders(): Promise<void> {
    const { filters, tags_enabled } = await this.#call<'messages.getDialogFilters'>({ _: 'messages.getDialogFilters' });
    const { cells } = this.#state;
    const idOf = (filter: tl.DialogFilter): number => ('id' in filter ? filter.id : 0);
    for (const filter of filters) if (idOf(filter) > 0) cells.set(`folder ${idOf(filter)}`, filter);
    cells.set('folder order', filters.map(idOf));
    cells.set('folder tags', tags_enabled);
  }

  async reactions(): Promise<void> {
    const { cells } = this.#state;
    const config = await this.#call<'help.getConfig'>({ _: 'help.getConfig' });
    cells.set('config', { reactions_default: config.reactions_default });
    const recent = await this.#call<'messages.getRecentReactions'>({ _: 'messages.getRecentReactions', limit: PAGE, hash: 0n });
    if (recent._ === 'messages.reactions') cells.set('recent reactions', recent.reactions);
    const tags = await this.#call<'messages.getSavedReactionTags'>({ _: 'messages.getSavedReactionTags', hash: 0n });
    for (const { reaction, title, count } of tags._ === 'messages.savedReactionTags' ? tags.tags : []) {
      this.#tagCounts.set(keyOfReaction(reaction), count);
      cells.set(`tag ${keyOfReaction(reaction)}`, title);
    }
    this.#replay(await this.#call<'messages.getPaidReactionPrivacy'>({ _: 'messages.getPaidReactionPrivacy' }));
  }

  async kept(): Promise<void> {
    const gifs = await this.#call<'messages.getSavedGifs'>({ _: 'messages.getSavedGifs', hash: 0n });
    if (gifs._ === 'messages.savedGifs') this.#state.cells.set('saved gifs', gifs.gifs.map(({ id }) => id));
    const faved = await this.#call<'messages.getFavedStickers'>({ _: 'messages.getFavedStickers', hash: 0n });
    if (faved._ === 'messages.favedStickers') this.#state.cells.set('favourite stickers', faved.stickers.map(({ id }) => id));
    const recent = await this.#call<'messages.getRecentStickers'>({ _: 'messages.getRecentStickers', hash: 0n });
    if (recent._ === 'messages.recentStickers') this.#state.cells.set('recent stickers', recent.stickers.map(({ id }) => id));
    for (const method of ['messages.getAllStickers', 'messages.getEmojiStickers', 'messages.getMaskStickers'] as const) {
      const all = await this.#call<typeof method>({ _: method, hash: 0n });
      if (all._ === 'messages.allStickers') this.#state.cells.set(`sticker sets ${method}`, all.sets.map(({ id }) => id));
    }
    for (const kind of [{}, { emojis: true as const }]) {
      const archived = await this.#call<'messages.getArchivedStickers'>({ _: 'messages.getArchivedStickers', ...kind, offset_id: 0n, limit: PAGE });
      this.#state.cells.set(`sticker sets archived ${String(kind.emojis === true)}`, archived.sets.map(({ set }) => set.id));
    }
    const ringtones = await this.#call<'account.getSavedRingtones'>({ _: 'account.getSavedRingtones', hash: 0n });
    if (ringtones._ === 'account.savedRingtones') this.#state.cells.set('saved ringtones', ringtones.ringtones.map(({ id }) => id));
  }

  async apps(): Promise<void> {
    const { cells } = this.#state;
    const { users_settings, chats_settings, broadcasts_settings, exceptions } = await this.#call<'account.getAutoSaveSettings'>({ _: 'account.getAutoSaveSettings' });
    cells.set('auto-save', { users_settings, chats_settings, broadcasts_settings, exceptions });
    const browser = await this.#call<'account.getWebBrowserSettings'>({ _: 'account.getWebBrowserSettings', hash: 0n });
    if (browser._ !== 'account.webBrowserSettings') return;
    keepBrowser(this.#state, browser);
    for (const external of [true, false]) {
      for (const exception of external ? browser.external_exceptions : browser.inapp_exceptions) cells.set(siteCell(exception.domain), { external, exception });
    }
  }

  async saved(): Promise<void> {
    const found = await this.#call<'messages.getSavedDialogs'>({ _: 'messages.getSavedDialogs', offset_date: 0, offset_id: 0, offset_peer: { _: 'inputPeerEmpty' }, limit: PAGE, hash: 0n });
    if (found._ === 'messages.savedDialogsNotModified') throw new Error('savedDialogsNotModified answers hash 0');
    // Of more than one page only the pins are compared.
    if (found._ === 'messages.savedDialogs') this.#savedTops = new Map(found.dialogs.map(({ peer, top_message: top }) => [markPeer(peer), top]));
    const pinned = await this.#call<'messages.getPinnedSavedDialogs'>({ _: 'messages.getPinnedSavedDialogs' });
    if (pinned._ === 'messages.savedDialogs') setOrder(this.#state, 'pinned saved', pinned.dialogs.map(({ peer }) => markPeer(peer)));
  }

  async chats(): Promise<void> {
    for (const [id, { pts }] of this.#dialogs) if (this.#isChannel(id)) await this.#loadChannel(id, pts ?? 0);
    await Promise.all([...this.#peers].map(async ([id, peer]) => {
      await this.#loadHistory(peer);
      await this.#loadScheduled(id, peer);
      if (peer._ === 'inputPeerChat') return this.#loadGroup(id, peer.chat_id);
      await this.#loadProfile(id, peer);
      await this.#checkReadDate(id, peer);
    }));
  }

  /** Checks that the counts and top messages that the server reports agree with the messages that were loaded. */
  check(): void {
    for (const [peer, dialog] of this.#dialogs) {
      const box = this.#boxOf(peer);
      const own = box.idsOf(peer);
      this.#same(`dialog ${peer}: top_message`, dialog.top_message, Math.max(0, ...own));
      this.#same(`dialog ${peer}: unread_count`, dialog.unread_count, box.listUnread(peer).length);
      this.#same(`dialog ${peer}: unread_reactions_count`, dialog.unread_reactions_count, box.listUnseenReactions(peer).length);
      this.#same(`dialog ${peer}: unread_mentions_count`, dialog.unread_mentions_count, box.listUnseenMentions(peer).length);
    }
    this.#same('getSavedReactionTags', inOrder(this.#tagCounts), inOrder(this.#state.box.countTags()));
    if (this.#savedTops.size > 0) this.#same('getSavedDialogs', inOrder(this.#savedTops), inOrder(this.#state.box.listSavedTops()));
  }

  countUnread(): number {
    return [...this.#dialogs].reduce((sum, [id, dialog]) => sum + (this.#isChannel(id) ? 0 : dialog.unread_count), 0);
  }

  #call<M extends keyof tl.RpcMethods>(request: tl.RpcMethods[M]['req']): Promise<tl.RpcMethods[M]['res']> {
    return this.#reader.call<M>(request);
  }

  #same(what: string, said: unknown, found: unknown): void {
    if (JSON.stringify(said) !== JSON.stringify(found)) this.#state.violations.push(`${what} is ${JSON.stringify(said)}, what was read says ${JSON.stringify(found)}`);
  }

  #take(users: readonly tl.User[], chats: readonly tl.Chat[] = []): void {
    keepUsers(this.#state, users);
    keepChats(this.#state, chats);
    for (const chat of chats) if (chat._ === 'channel' && chat.access_hash !== undefined) this.#channels.set(markChat(chat), { _: 'inputPeerChannel', channel_id: chat.id, access_hash: chat.access_hash });
    // Those who are not in a group are told nothing of it, and read it again when they show it.
    for (const chat of chats) if (isOutside(chat)) for (const cell of [`group ${markChat(chat)}`, fullChatCell(chat.id)]) this.#state.cells.leaveUntold(cell);
    for (const chat of chats) if (chat._ === 'chat' || chat._ === 'chatForbidden') this.#peers.set(markChat(chat), { _: 'inputPeerChat', chat_id: chat.id });
    for (const user of users) {
      this.#state.knownUsers.add(Number(user.id));
      const hash = user._ === 'user' && user.self !== true ? user.access_hash : undefined;
      if (hash !== undefined) this.#peers.set(Number(user.id), { _: 'inputPeerUser', user_id: user.id, access_hash: hash });
    }
  }

  /** Takes an answer that lists what is there as updates. */
  #replay(updates: tl.Updates): void {
    if (updates._ !== 'updates') throw new Error(`a list answers ${updates._}`);
    this.#take(updates.users, updates.chats);
    for (const update of updates.updates) applyEffect(this.#state, update);
  }

  /** @returns where the next page begins; undefined behind the last one */
  async #loadDialogs(folder_id: number, place: DialogPlace): Promise<DialogPlace | undefined> {
    const page = await this.#call<'messages.getDialogs'>({ _: 'messages.getDialogs', ...place, folder_id, limit: PAGE, hash: 0n });
    if (page._ === 'messages.dialogsNotModified') throw new Error('dialogsNotModified answers hash 0');
    this.#take(page.users, page.chats);
    const found = page.dialogs.filter((one) => one._ === 'dialog');
    for (const dialog of found) this.#takeDialog(dialog);
    const last = found.at(-1);
    if (page._ === 'messages.dialogs' || last === undefined) return undefined;
    const peer = markPeer(last.peer);
    const top = page.messages.find((message) => message._ !== 'messageEmpty' && message.id === last.top_message && markPeer(message.peer_id) === peer);
    const offset_peer = this.#peers.get(peer) ?? this.#channels.get(peer);
    if (top === undefined || top._ === 'messageEmpty' || offset_peer === undefined) throw new Error(`dialog ${peer} comes without its top message or its user`);
    return { offset_date: top.date, offset_id: top.id, offset_peer };
  }

  #takeDialog(dialog: tl.dialog): void {
    const { cells } = this.#state;
    const peer = markPeer(dialog.peer);
    this.#dialogs.set(peer, dialog);
    this.#same(`dialog ${peer}: has pts (rule P19, complete dialogs)`, dialog.pts !== undefined, this.#isChannel(peer));
    const box = this.#boxOf(peer);
    raise(box.readInbox, peer, dialog.read_inbox_max_id);
    raise(box.readOutbox, peer, dialog.read_outbox_max_id);
    cells.set(`unread mark ${peer}`, dialog.unread_mark);
    cells.set(asMessagesCell(peer), dialog.view_forum_as_messages);
    cells.set(`archived ${peer}`, dialog.folder_id === 0 ? undefined : dialog.folder_id);
    cells.set(`ttl ${peer}`, dialog.ttl_period);
  }

  #isChannel(id: number): boolean {
    return isMarkedChannel(BigInt(id));
  }

  /** The messages of a peer: those of a channel are numbered by the channel. */
  #boxOf(id: number): MessageBox {
    return this.#isChannel(id) ? this.#state.channels.open(id).box : this.#state.box;
  }

  async #loadChannel(id: number, pts: number): Promise<void> {
    const peer = this.#channels.get(id);
    if (peer === undefined) throw new Error(`channel ${id} came without its access hash`);
    await this.#loadHistory(peer, this.#boxOf(id));
    this.#state.channels.open(id).line.moveTo(pts);
    const { full_chat: full } = await this.#call<'channels.getFullChannel'>({ _: 'channels.getFullChannel', channel: { ...peer, _: 'inputChannel' } });
    if (full._ !== 'channelFull') throw new Error(`getFullChannel answers ${full._}`);
    const dialog = this.#dialogs.get(id)!;
    if (full.has_scheduled === true) await this.#loadScheduled(id, peer);
    await this.#loadBar(id, peer);
    const pins = this.#boxOf(id).list((message) => message.pinned).map((message) => message.id);
    if (full.pts === pts) this.#same(`full info of ${id}: pinned_msg_id`, full.pinned_msg_id ?? 0, Math.max(0, ...pins));
    if (full.pts === dialog.pts) this.#same(`full info of ${id}: unread_count`, full.unread_count, dialog.unread_count);
  }

  async #loadScheduled(id: number, peer: tl.InputPeer): Promise<void> {
    const waiting = await this.#call<'messages.getScheduledHistory'>({ _: 'messages.getScheduledHistory', peer, hash: 0n });
    if (waiting._ === 'messages.messagesNotModified') throw new Error('messagesNotModified answers hash 0');
    for (const message of waiting.messages) this.#state.cells.set(scheduledCell(id, message.id), message);
  }

  async #loadHistory(peer: tl.InputPeer, box: MessageBox = this.#state.box): Promise<void> {
    for (let offset_id = 0; ;) {
      const page = await this.#call<'messages.getHistory'>({ _: 'messages.getHistory', peer, offset_id, offset_date: 0, add_offset: 0, limit: PAGE, max_id: 0, min_id: 0, hash: 0n });
      if (page._ === 'messages.messagesNotModified') throw new Error('messagesNotModified answers hash 0');
      for (const message of page.messages) box.put(message);
      const last = page.messages.at(-1);
      if (last === undefined || page.messages.length < PAGE) return;
      offset_id = last.id;
    }
  }

  async #loadProfile(id: number, peer: tl.InputPeer): Promise<void> {
    const input: tl.InputUser = peer._ === 'inputPeerUser' ? { ...peer, _: 'inputUser' } : { _: 'inputUserSelf' };
    const { full_user: full, users } = await this.#call<'users.getFullUser'>({ _: 'users.getFullUser', id: input });
    keepUsers(this.#state, users);
    keepFullUser(this.#state, full);
    if (id !== this.#state.self) keepBar(this.#state, id, full.settings);
    this.#same(`getFullUser ${id}: blocked`, full.blocked, this.#state.cells.get(`blocked ${id}`));
    this.#checkFull(id, full);
    // Devices that were away find out when they show the chat.
    if (users.some((user) => Number(user.id) === id && user._ === 'user' && user.deleted === true)) this.#state.cells.leaveUntold(`bar ${id}`);
  }

  async #loadGroup(id: number, chat_id: bigint): Promise<void> {
    const { full_chat: full, users, chats } = await this.#call<'messages.getFullChat'>({ _: 'messages.getFullChat', chat_id });
    if (full._ !== 'chatFull') throw new Error(`getFullChat answers ${full._}`);
    this.#take(users, chats);
    const { about, participants } = full;
    this.#state.cells.set(fullChatCell(chat_id), { about, participants });
    this.#checkFull(id, full);
    await this.#loadBar(id, { _: 'inputPeerChat', chat_id });
    // No update tells that the bar of a group is gone because one is not in it any more.
    if (chats.some((chat) => markChat(chat) === id && isOutside(chat))) this.#state.cells.leaveUntold(`bar ${id}`);
  }

  /** The bar above a group or channel. */
  async #loadBar(id: number, peer: tl.InputPeer): Promise<void> {
    const { settings } = await this.#call<'messages.getPeerSettings'>({ _: 'messages.getPeerSettings', peer });
    keepBar(this.#state, id, settings);
  }

  /** What the full info says must be true of the chat that was read. */
  #checkFull(id: number, full: tl.userFull | tl.chatFull): void {
    const pins = this.#state.box.list((message) => message.peer === id && message.pinned).map((message) => message.id);
    this.#same(`full info of ${id}: pinned_msg_id`, full.pinned_msg_id ?? 0, Math.max(0, ...pins));
    this.#same(`full info of ${id}: has_scheduled`, full.has_scheduled === true, this.#state.cells.list(`scheduled ${id} `).length > 0);
    for (const [cell, said] of [['archived', full.folder_id], ['ttl', full.ttl_period]] as const) {
      // The list of chats has none without messages.
      if (!this.#dialogs.has(id)) this.#state.cells.set(`${cell} ${id}`, said);
      this.#same(`full info of ${id}: ${cell}`, said, this.#state.cells.get(`${cell} ${id}`));
    }
  }

  /** Of the newest own message one may ask when it was read, exactly when it is read. */
  async #checkReadDate(id: number, peer: tl.InputPeer): Promise<void> {
    const { box } = this.#state;
    const [newest] = id === this.#state.self ? [] : box.list((message) => message.peer === id && message.out && message.raw._ === 'message').slice(-1);
    if (newest === undefined) return;
    const isRead = newest.id <= (box.readOutbox.get(id) ?? 0);
    try {
      const { date } = await this.#call<'messages.getOutboxReadDate'>({ _: 'messages.getOutboxReadDate', peer, msg_id: newest.id });
      if (!isRead || date < newest.date) this.#state.violations.push(`getOutboxReadDate ${newest.id} of ${newest.date} says ${date}, read_outbox_max_id ${box.readOutbox.get(id)}`);
    } catch (error) {
      const refusal = this.#reader.refusalOf(error);
      if (refusal === undefined) throw error;
      if (refusal === 'MESSAGE_NOT_READ_YET' && isRead) this.#state.violations.push(`getOutboxReadDate ${newest.id} says ${refusal}, read_outbox_max_id ${box.readOutbox.get(id)}`);
    }
  }
}

function inOrder<K extends string | number>(map: ReadonlyMap<K, unknown>): unknown {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}

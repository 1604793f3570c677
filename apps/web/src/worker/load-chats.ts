import type { tl } from '@mtcute/core';
import Long from 'long';
import type { Chat, PeerId } from '../protocol/index.ts';
import type { Account } from './account.ts';
import { Gathering } from './gathering.ts';
import { readDraft } from './models/draft.ts';
import { channelIdOf, isChannel, peerIdOf } from './models/ids.ts';
import { type MessageRow, readMessage } from './models/message.ts';
import { readPins } from './read-pins.ts';
import { ARCHIVE_ID } from './reduce/index.ts';

/** Rows that are asked for at once: the first page fills a screen. */
const FIRST_PAGE = 30;

const PAGE = 100;
/** Pages of one list that are loaded only to count what is unread. */
const PAGES_MAX = 6;
/** How long rows to load anew are gathered before one call asks for them, in milliseconds. */
const GATHER_MS = 50;
/** When a row is asked for again that was out of date at once, in milliseconds. */
const AGAIN_MS = 300;
/** How often one row is asked for again. Then the server is right: what is newer here was deleted. */
const AGAIN_MAX = 5;
/** Peers in one call. */
const PEERS_MAX = 100;

/** Loads rows of the list of chats. */
export class ChatLoader {
  readonly #account: Account;
  /** Where the next page of a folder begins; `done` after the last one. */
  #next = new Map<number, { message: MessageRow; peer: PeerId } | 'done'>();
  /** How many pinned chats the pages had that were loaded of a folder. They may fill several. */
  #pins = new Map<number, number>();
  #loading = new Map<number, Promise<void>>();
  readonly #gathering: Gathering<PeerId>;
  /** How many answers in a row were out of date. */
  #outdated = new Map<PeerId, number>();

  constructor(account: Account) {
    this.#account = account;
    this.#gathering = new Gathering({ waitMs: GATHER_MS, most: PEERS_MAX, load: (peers) => this.load(peers) });
  }

  /** Whether the main list has an entry for the archive. */
  hasArchive = false;

  /** Loads all rows of both lists, as far as they are kept. */
  async all(): Promise<void> {
    for (const folder of [0, ARCHIVE_ID]) {
      for (let page = 0; page < PAGES_MAX && this.hasMore(folder); page++) await this.more(folder);
    }
  }

  hasMore(folder: number): boolean {
    return this.#next.get(folder) !== 'done';
  }

  /** Loads the next page of a folder of peers: 0 or the archive. Calls at the same time load one page. */
  async more(folder: number): Promise<void> {
    const running = this.#loading.get(folder) ?? this.#loadPage(folder).finally(() => this.#loading.delete(folder));
    this.#loading.set(folder, running);
    await running;
  }

  async #loadPage(folder: number): Promise<void> {
    const from = this.#next.get(folder);
    if (from === 'done') return;
    const limit = from === undefined ? FIRST_PAGE : PAGE;
    const answer = await this.#account.call({
      _: 'messages.getDialogs',
      folderId: folder,
      offsetDate: from?.message.date ?? 0,
      offsetId: from?.message.id ?? 0,
      offsetPeer: from ? await this.#account.inputPeer(from.peer) : { _: 'inputPeerEmpty' },
      limit,
      hash: Long.ZERO,
    });
    if (answer._ === 'messages.dialogsNotModified') return;
    if (folder === 0 && from === undefined) this.hasArchive = answer.dialogs.some((dialog) => dialog._ === 'dialogFolder');
    const pinsBefore = this.#pins.get(folder) ?? 0;
    this.#pins.set(folder, pinsBefore + answer.dialogs.filter((dialog) => dialog._ === 'dialog' && dialog.pinned).length);
    const rows = this.#take(answer, { pinsBefore });
    const last = rows.findLast(({ peer, topId }) => this.#account.store.message(peer, topId) !== undefined);
    const message = last && this.#account.store.message(last.peer, last.topId);
    const isLast = answer._ === 'messages.dialogs' || rows.length === 0;
    this.#next.set(folder, isLast || !message ? 'done' : { message, peer: last.peer });
    await this.#account.database.flush();
  }

  /** Asks for rows anew, a little later, together with others. */
  refresh(peers: PeerId[]): void {
    this.#gathering.add(peers);
  }

  /** Loads rows anew, at once. */
  async load(peers: PeerId[]): Promise<void> {
    const inputs = await Promise.all(peers.map(async (peer) => await this.#account.inputPeer(peer).catch(() => undefined)));
    const known = inputs.filter((input) => input !== undefined);
    if (known.length === 0) return;
    const before = new Map(peers.map((peer) => [peer, this.#account.store.chats.get(peer)]));
    const answer = await this.#account.call({ _: 'messages.getPeerDialogs', peers: known.map((peer) => ({ _: 'inputDialogPeer', peer })) });
    const { chats } = this.#account.store;
    const fresh = new Set(peers.filter((peer) => !chats.has(peer)));
    const rows = this.#take(answer, { asked: before });
    const freshPins = rows.filter(({ peer, pinned }) => pinned !== undefined && fresh.has(peer));
    // A row that was loaded alone does not say where among the pinned ones it stands.
    for (const folderId of new Set(freshPins.map(({ isArchived }) => (isArchived ? ARCHIVE_ID : 0)))) await readPins(this.#account, folderId);
    await this.#account.database.flush();
  }

  /**
   * Takes over rows of an answer. A message may have arrived while the answer was on its way: then the row here is newer, unless it was asked for
   * because the newest message was deleted.
   * @param asked the rows that were asked for, as they were before
   */
  #take({ dialogs, messages }: { dialogs: tl.TypeDialog[]; messages: tl.TypeMessage[] }, { asked, pinsBefore = 0 }: { asked?: ReadonlyMap<PeerId, Chat | undefined>; pinsBefore?: number }): Chat[] {
    const { store, me } = this.#account;
    const tops = new Map(messages.map((message) => readMessage(message, me)).filter((row) => row !== undefined).map((row) => [`${row.peer}:${row.id}`, row]));
    let pinned = pinsBefore;
    return dialogs.flatMap((dialog) => {
      if (dialog._ !== 'dialog') return [];
      const peer = peerIdOf(dialog.peer);
      const top = tops.get(`${peer}:${dialog.topMessage}`);
      if (top === undefined) {
        // The chat was emptied and left the list.
        store.removeChat(peer);
        return [];
      }
      const row = readDialog(dialog, top, dialog.pinned ? pinned++ : undefined);
      const known = store.chats.get(peer);
      if (asked && known) {
        row.pinned = row.pinned === undefined ? undefined : known.pinned;
        Object.assign(row, changedSettings(known, asked.get(peer)));
      }
      if (known && known.topId > row.topId && store.message(peer, known.topId) && this.#waits(peer, asked !== undefined)) return [known];
      const isCounted = known === undefined || keepReadMarks(row, known);
      if (isCounted || !this.#askAgain(peer)) this.#outdated.delete(peer);
      store.putMessage(top);
      if (known === undefined || known.topId < row.topId) store.addRange(peer, { from: row.topId, to: row.topId });
      store.setChat(row);
      if (dialog.pts !== undefined) this.#notePts(peer, dialog.pts);
      return [row];
    });
  }

  /** Whether a row that is newer than an answer stays for now. What the row was asked for is still not known, such as how many messages are unread. */
  #waits(peer: PeerId, isAsked: boolean): boolean {
    return !isAsked || this.#askAgain(peer);
  }

  /** Asks for a row again that was out of date at once. @returns false if that was done often enough */
  #askAgain(peer: PeerId): boolean {
    const times = (this.#outdated.get(peer) ?? 0) + 1;
    if (times > AGAIN_MAX) return false;
    this.#outdated.set(peer, times);
    setTimeout(() => this.refresh([peer]), AGAIN_MS);
    return true;
  }

  /** Events of a channel count from here, unless its events are known already. */
  #notePts(peer: PeerId, pts: number): void {
    const { updates, storage } = this.#account.client;
    if (!isChannel(peer) || !updates || updates.cpts.has(channelIdOf(peer))) return;
    updates.cpts.set(channelIdOf(peer), pts);
    void storage.updates.setChannelPts(channelIdOf(peer), pts);
  }
}

/** What people set for a chat. An answer says it as it was when the server read it. */
const SETTINGS = ['pinned', 'isArchived', 'mutedUntil', 'draft', 'isMarkedUnread', 'asMessages'] as const;

/** Settings of a row that were changed while an answer with it was on its way. Pure. */
function changedSettings(known: Chat, before: Chat | undefined): Partial<Chat> {
  return Object.fromEntries(SETTINGS.filter((name) => known[name] !== before?.[name]).map((name) => [name, known[name]]));
}

/** What is counted of a chat or a topic. */
type Counted = Pick<Chat, 'topId' | 'unread' | 'readInboxId' | 'readOutboxId'>;

/**
 * Messages may have been read while the answer with a row was on its way: marks only rise.
 * @returns false if it is not known how many messages are still unread
 */
export function keepReadMarks(row: Counted, known: Counted): boolean {
  const isNewer = known.readInboxId > row.readInboxId;
  if (isNewer && known.topId === row.topId) row.unread = known.unread;
  row.readInboxId = Math.max(row.readInboxId, known.readInboxId);
  row.readOutboxId = Math.max(row.readOutboxId, known.readOutboxId);
  return !isNewer || known.topId === row.topId;
}

/** Reads a row of the list of chats. Pure. */
function readDialog(dialog: tl.RawDialog, top: MessageRow, pinned: number | undefined): Chat {
  const draft = readDraft(dialog.draft);
  return {
    peer: top.peer,
    topId: top.id,
    date: Math.max(top.date, draft?.date ?? 0),
    unread: dialog.unreadCount,
    mentions: dialog.unreadMentionsCount,
    reactions: dialog.unreadReactionsCount,
    votes: dialog.unreadPollVotesCount,
    isMarkedUnread: dialog.unreadMark,
    readInboxId: dialog.readInboxMaxId,
    readOutboxId: dialog.readOutboxMaxId,
    pinned,
    isArchived: dialog.folderId === ARCHIVE_ID,
    mutedUntil: dialog.notifySettings.muteUntil,
    asMessages: dialog.viewForumAsMessages,
    draft,
  };
}

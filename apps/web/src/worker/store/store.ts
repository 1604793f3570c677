import { type Chat, type MessageId, type Peer, type PeerId, type Session, topicOf } from '../../protocol/index.ts';
import type { FolderRule } from '../models/folder.ts';
import { newerReplies } from '../models/headers.ts';
import { mergeMedia } from '../models/media.ts';
import type { MessageRow } from '../models/message.ts';
import type { SetRow } from '../models/sticker-set.ts';
import { mutedUntil, type MutesByKind } from '../models/mutes.ts';
import { Changes } from './changes.ts';
import type { Database } from './database.ts';
import { isSame } from './is-same.ts';
import { addRange, cutRanges, extendTop, type Range } from './ranges.ts';
import { ToldVotes } from './told-votes.ts';
import { Topics } from './topics.ts';
import { dropUnsentFile, type FileRow, type OutgoingRow, withBytes, withoutBytes } from './unsent-files.ts';
import { type Thread, ThreadList } from './thread-list.ts';

/** Newest messages that are kept of a chat in which nobody reads. */
const MESSAGES_KEPT = 200;
/** Chats that are kept, beside those that are pinned. The others come from the server when somebody scrolls to them. */
const CHATS_KEPT = 500;

/** What there is once. */
export interface Facts extends Record<'stickerSets' | 'emojiSets', SetRow[]> {
  folders: FolderRule[];
  mutes: MutesByKind;
  /** Who was found lately in the search box, the last one first. */
  recents: PeerId[];
  /** Invite links by which the account has asked to join. */
  asked: string[];
}

const FACTS = ['folders', 'mutes', 'recents', 'asked', 'stickerSets', 'emojiSets'] as const satisfies (keyof Facts)[];

/**
 * What the account knows, in memory as far as views need it and in the database. Reducers and answers change it here and nowhere else; each
 * change is noted for the views and for the next transaction.
 */
export class Store {
  readonly peers = new Map<PeerId, Peer>();
  readonly chats = new Map<PeerId, Chat>();
  readonly topics: Topics;
  readonly session: Session;
  readonly threads: ThreadList;
  readonly toldVotes = new ToldVotes();
  readonly facts: Facts = { folders: [], mutes: { users: 0, groups: 0, channels: 0 }, recents: [], asked: [], stickerSets: [], emojiSets: [] };
  #messages = new Map<PeerId, Map<MessageId, MessageRow>>();
  #ranges = new Map<PeerId, Range[]>();
  #outbox = new Map<PeerId, MessageRow[]>();
  /** Keys of messages that were sent from here, by chat and id, until they arrive. */
  #sentKeys = new Map<string, string>();
  #changes = new Changes();
  /** Whether an open window shows a message. Set by the views. */
  isShown: (peer: PeerId, id: MessageId) => boolean = () => false;
  /** Asks the server how many replies messages have of which one was deleted. Set by what serves the account. */
  recount: (peer: PeerId, messages: MessageId[]) => void = () => undefined;
  readonly #database: Database;
  readonly #onChange: () => void;

  /** @param onChange is called at each change; the views take the changes a little later */
  constructor(database: Database, session: Session, onChange: () => void) {
    this.#database = database;
    this.session = session;
    this.#onChange = onChange;
    this.topics = new Topics(database, () => this.#note());
    this.threads = new ThreadList(database, (peer) => this.#note().threads.add(peer));
    database.onMessagesDropped = () => {
      for (const peer of this.chatsWithRanges()) this.voidRanges(peer);
    };
  }

  /** Reads what pages show first. */
  async load(): Promise<void> {
    const [peers, chats, ranges, rangeKeys, outbox, ...facts] = await Promise.all([
      this.#database.list<Peer>('peers'),
      this.#database.list<Chat>('chats'),
      this.#database.list<Range[] | Thread>('ranges'),
      this.#database.listKeys('ranges'),
      this.#database.list<OutgoingRow | FileRow>('outbox'),
      ...FACTS.map((name) => this.#database.get<unknown>('facts', name)),
    ]);
    await this.topics.load();
    FACTS.forEach((name, index) => facts[index] !== undefined && Object.assign(this.facts, { [name]: facts[index] }));
    for (const peer of peers) this.peers.set(peer.id, peer);
    const dropped = this.#dropChats(chats);
    const kept = chats.filter(({ peer }) => !dropped.has(peer));
    for (const chat of kept) this.chats.set(chat.peer, chat);
    ranges.forEach((range, index) => Array.isArray(range) && this.#ranges.set(rangeKeys[index] as PeerId, range));
    this.threads.load(ranges.flatMap((range) => (Array.isArray(range) || dropped.has(range.peer) ? [] : [range])));
    for (const peer of dropped) this.#ranges.delete(peer);
    for (const row of withBytes(outbox).sort((first, second) => (first.place ?? 0) - (second.place ?? 0))) {
      // The server has answered to a message with an id, which arrives like every other one.
      if (row.id === 0) this.#outbox.set(row.peer, [...(this.#outbox.get(row.peer) ?? []), row]);
      else this.#dropOutgoing(row.key);
    }
    const tops = await Promise.all(kept.map(({ peer, topId }) => this.#database.get<MessageRow>('messages', [peer, topId])));
    for (const top of tops) if (top) this.#remember(top);
    this.#onChange();
  }

  /** Forgets chats that were quiet for the longest time, if there are too many. @returns those */
  #dropChats(chats: readonly Chat[]): ReadonlySet<PeerId> {
    const sorted = chats.filter(({ pinned }) => pinned === undefined).sort((first, second) => second.date - first.date);
    const dropped = new Set(sorted.slice(CHATS_KEPT).map(({ peer }) => peer));
    for (const peer of dropped) {
      this.#database.delete('chats', peer);
      this.#database.delete('messages', IDBKeyRange.bound([peer], [peer, []]));
      this.#database.delete('ranges', peer);
      this.topics.clear(peer);
      this.#database.delete('ranges', IDBKeyRange.bound([peer], [peer, []]));
    }
    return dropped;
  }

  /** Forgets all but the newest messages of a chat, unless somebody reads older ones. */
  async trim(peer: PeerId): Promise<void> {
    const keys = (await this.#database.listKeys('messages', IDBKeyRange.bound([peer], [peer, []]))) as [PeerId, MessageId][];
    const first = keys.at(-MESSAGES_KEPT)?.[1];
    if (first === undefined || first === keys[0]![1] || keys.some(([, id]) => this.isShown(peer, id))) return;
    this.#database.delete('messages', IDBKeyRange.bound([peer], [peer, first], false, true));
    this.#setRanges(peer, cutRanges(this.ranges(peer), first));
    this.threads.cut(peer, first);
  }

  /** Takes what has changed since the last call. */
  takeChanges(): Changes {
    const taken = this.#changes;
    this.#changes = new Changes();
    return taken;
  }

  #note(): Changes {
    this.#onChange();
    return this.#changes;
  }

  setSession(values: Partial<Session>): void {
    Object.assign(this.session, values);
    this.#note().session = true;
  }

  setPeer(peer: Peer): void {
    if (isSame(this.peers.get(peer.id), peer)) return;
    this.peers.set(peer.id, peer);
    this.#database.put('peers', peer.id, peer);
    this.#note().peers.add(peer.id);
  }

  setChat(chat: Chat): void {
    this.chats.set(chat.peer, chat);
    this.#database.put('chats', chat.peer, chat);
    this.#note().chats.add(chat.peer);
  }

  /** Changes a row of the list of chats, if it is there. */
  changeChat(peer: PeerId, change: (chat: Chat) => Partial<Chat>): void {
    const chat = this.chats.get(peer);
    if (chat) this.setChat({ ...chat, ...change(chat) });
  }

  /** Forgets a chat that left the list, and its messages: perhaps the account may not see them any more. */
  removeChat(peer: PeerId): void {
    if (!this.chats.delete(peer)) return;
    this.#database.delete('chats', peer);
    this.#note().chats.add(peer);
    for (const id of this.#messages.get(peer)?.keys() ?? []) this.#note().message(peer, id);
    this.#messages.delete(peer);
    this.topics.clear(peer);
    this.#dropRows(IDBKeyRange.bound([peer], [peer, []]));
    this.voidRanges(peer);
  }

  /** Deletes messages from the database, and with them the files that they had. A file that another message has, too, is loaded again when it is needed. */
  #dropRows(range: IDBKeyRange, take: (rows: MessageRow[]) => void = () => undefined): void {
    this.#database.take<MessageRow>('messages', range, (rows) => {
      take(rows);
      for (const file of rows.flatMap(({ locations }) => Object.keys(locations ?? {}))) this.#database.delete('files', filesOf(file));
    });
  }

  /** A message that is in memory: the newest one of each chat, and those of open windows. */
  message(peer: PeerId, id: MessageId): MessageRow | undefined {
    return this.#messages.get(peer)?.get(id);
  }

  /** The newest message of a chat that is in memory. */
  newestInMemory(peer: PeerId): MessageRow | undefined {
    const rows = [...(this.#messages.get(peer)?.values() ?? [])];
    return rows.reduce<MessageRow | undefined>((newest, row) => (newest && newest.id > row.id ? newest : row), undefined);
  }

  /** Messages in memory with a poll, which updates name by its id alone. */
  messagesWithPoll(poll: string): MessageRow[] {
    return [...this.#messages.values()].flatMap((rows) => [...rows.values()].filter(({ media }) => media?.kind === 'poll' && media.poll.id === poll));
  }

  /** A message from memory or from the database. */
  async findMessage(peer: PeerId, id: MessageId): Promise<MessageRow | undefined> {
    return this.message(peer, id) ?? (await this.#database.get<MessageRow>('messages', [peer, id]));
  }

  /** Messages of the database with ids from `from` to `to`, in ascending order. */
  listMessages(peer: PeerId, from: MessageId, to: MessageId): Promise<MessageRow[]> {
    return this.#database.list<MessageRow>('messages', IDBKeyRange.bound([peer, from], [peer, to]));
  }

  /** The thread in which a message is a reply, or the topic to which it belongs. In a forum every message has a topic, and topics have no threads. */
  threadOf(row: MessageRow): MessageId | undefined {
    return this.peers.get(row.peer)?.isForum ? topicOf(row) : row.thread;
  }

  /** Stores a message that is known as it is now. */
  putMessage(row: MessageRow): MessageRow {
    const sentKey = this.#sentKeys.get(`${row.peer}:${row.id}`);
    const known = this.message(row.peer, row.id);
    const kept = { ...row, key: sentKey ?? known?.key ?? row.key, ...mergeMedia(known, row), replies: newerReplies(known?.replies, row.replies) };
    this.#database.put('messages', [row.peer, row.id], kept);
    this.#remember(kept);
    this.#note().message(row.peer, row.id);
    if (sentKey !== undefined) {
      this.#sentKeys.delete(`${row.peer}:${row.id}`);
      this.removeOutgoing(row.peer, sentKey);
    }
    return kept;
  }

  /** Changes a message wherever it is kept. */
  changeMessage(peer: PeerId, id: MessageId, change: (row: MessageRow) => MessageRow): void {
    const known = this.message(peer, id);
    if (known) this.putMessage(change(known));
    else this.#database.patch<MessageRow>('messages', [peer, id], change);
  }

  removeMessage(peer: PeerId, id: MessageId): void {
    this.#messages.get(peer)?.delete(id);
    this.threads.remove(peer, id);
    this.#dropRows(IDBKeyRange.only([peer, id]), (rows) => {
      const threads = new Set(rows.flatMap(({ thread }) => thread ?? []));
      if (threads.size > 0) this.recount(peer, [...threads]);
    });
    this.#note().message(peer, id);
  }

  /** Takes the messages of a thread or topic away, as far as they are known. @param isIn says which ones these are */
  async removeMessagesIn(peer: PeerId, isIn: (row: MessageRow) => boolean): Promise<void> {
    for (const row of await this.listMessages(peer, 0, Infinity)) if (isIn(row)) this.removeMessage(peer, row.id);
  }

  /** Finds the chats of messages whose ids are counted per account. */
  async findChatsOfOwn(ids: MessageId[]): Promise<{ peer: PeerId; id: MessageId }[]> {
    const found = await Promise.all(ids.map((id) => this.#database.listByOwnId<MessageRow>(id)));
    return found.flat().map(({ peer, id }) => ({ peer, id }));
  }

  /** Messages that wait for a preview, which is found by its id alone. */
  #awaiting = new Map<string, Map<string, { peer: PeerId; id: MessageId }>>();

  /** Takes the messages that wait for a preview, as far as they were in memory. */
  takeAwaiting(page: string): { peer: PeerId; id: MessageId }[] {
    const found = this.#awaiting.get(page);
    this.#awaiting.delete(page);
    return [...(found?.values() ?? [])];
  }

  /** Takes all messages of a chat away up to one. */
  clearMessages(peer: PeerId, upTo: MessageId): void {
    const rows = this.#messages.get(peer);
    for (const id of [...(rows?.keys() ?? [])].filter((each) => each <= upTo)) this.removeMessage(peer, id);
    this.#dropRows(IDBKeyRange.bound([peer, 0], [peer, upTo]));
    this.addRange(peer, { from: 1, to: upTo });
  }

  #remember(row: MessageRow): void {
    const { peer, id, awaitedPage } = row;
    if (awaitedPage !== undefined) this.#awaiting.set(awaitedPage, (this.#awaiting.get(awaitedPage) ?? new Map<string, { peer: PeerId; id: MessageId }>()).set(`${peer}:${id}`, { peer, id }));
    const rows = this.#messages.get(row.peer);
    if (rows) rows.set(row.id, row);
    else this.#messages.set(row.peer, new Map([[row.id, row]]));
  }

  /** Keeps rows of the database in memory, for an open window. */
  hold(rows: MessageRow[]): void {
    for (const row of rows) this.#remember(row);
  }

  /** Lets messages of a chat out of memory, except the newest ones, of it and of its topics, and those that open windows show. */
  release(peer: PeerId): void {
    const rows = this.#messages.get(peer);
    const tops = new Set([this.chats.get(peer)?.topId, ...this.topics.list(peer).map(({ topId }) => topId)]);
    for (const id of rows?.keys() ?? []) if (!tops.has(id) && !this.isShown(peer, id)) rows!.delete(id);
  }

  ranges(peer: PeerId): readonly Range[] {
    return this.#ranges.get(peer) ?? [];
  }

  #setRanges(peer: PeerId, ranges: Range[]): void {
    this.#ranges.set(peer, ranges);
    this.#database.put('ranges', peer, ranges);
  }

  /** Notes that all messages of a chat from one id to another are known. */
  addRange(peer: PeerId, range: Range): void {
    this.#setRanges(peer, addRange(this.ranges(peer), range));
  }

  /** Notes a new newest message. */
  extendTop(peer: PeerId, id: MessageId): void {
    this.#setRanges(peer, extendTop(this.ranges(peer), this.chats.get(peer)?.topId ?? 0, id));
  }

  /** Forgets which messages of a chat are known, or of all chats whose messages are counted per account. */
  voidRanges(peer: PeerId): void {
    this.#ranges.delete(peer);
    this.threads.void(peer);
    this.#database.delete('ranges', peer);
    this.#note().voided.add(peer);
  }

  /** Chats with known messages. */
  chatsWithRanges(): PeerId[] {
    return [...this.#ranges.keys()];
  }

  outgoing(peer: PeerId): readonly MessageRow[] {
    return this.#outbox.get(peer) ?? [];
  }

  allOutgoing(): MessageRow[] {
    return [...this.#outbox.values()].flat();
  }

  putOutgoing(message: MessageRow): void {
    const others = this.outgoing(message.peer);
    const at = others.findIndex(({ key }) => key === message.key);
    const row = { ...message, place: others[at]?.place ?? (others.at(-1)?.place ?? 0) + 1 };
    this.#outbox.set(row.peer, at === -1 ? [...others, row] : others.with(at, row));
    this.#database.put('outbox', row.key, withoutBytes(row));
    if (row.uploaded) dropUnsentFile(this.#database, row.key);
    this.#note().outbox.add(row.peer);
  }

  removeOutgoing(peer: PeerId, key: string): void {
    this.#outbox.set(peer, this.outgoing(peer).filter((row) => row.key !== key));
    this.#dropOutgoing(key);
    this.#note().outbox.add(peer);
  }

  #dropOutgoing(key: string): void {
    this.#database.delete('outbox', key);
    dropUnsentFile(this.#database, key);
  }

  /** Says which message something from the outbox became, so that it keeps its key when it arrives. */
  async expectSent(peer: PeerId, id: MessageId, key: string): Promise<void> {
    this.#sentKeys.set(`${peer}:${id}`, key);
    // A difference may have brought the message before the answer came.
    if ((await this.findMessage(peer, id)) === undefined) return;
    this.#sentKeys.delete(`${peer}:${id}`);
    this.removeOutgoing(peer, key);
  }

  /** Views have gathered something to tell without a change of what is stored. */
  noteGathered(): void {
    this.#note();
  }

  noteTyping(peer: PeerId): void {
    this.#note().typing.add(peer);
  }

  /** See `MuteTimer`. */
  noteMutes(): void {
    this.#note().mutes = true;
  }

  noteDetails(peer: PeerId): void {
    this.#note().details.add(peer);
  }

  setFact<Name extends keyof Facts>(name: Name, value: Facts[Name]): void {
    if (isSame(this.facts[name], value)) return;
    this.facts[name] = value;
    this.#database.put('facts', name, value);
    void this.#database.flush();
    const changes = this.#note();
    if (name === 'recents') changes.recents = true;
    else if (name === 'stickerSets' || name === 'emojiSets') changes.stickers = true;
    else if (name !== 'asked') changes.folders = true;
  }

  /** A row of the list of chats as pages see it: muted if the row itself or all chats of its kind are. */
  shownChat(peer: PeerId): Chat | undefined {
    const chat = this.chats.get(peer);
    return chat && { ...chat, mutedUntil: mutedUntil(chat, this.peers.get(peer), this.facts.mutes) };
  }
}

/** All sizes of a photo or document in the cache, which `fileKey` names. Pure. */
const filesOf = (file: string): IDBKeyRange => IDBKeyRange.bound(`${file}:`, `${file}:\uffff`);

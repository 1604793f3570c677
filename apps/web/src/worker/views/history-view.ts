import { type HistoryPatch, type HistoryView, isOldPosition, type Message, type MessageId, type PeerId, type Position, positionIn, type Snippet, type UnseenKind, type ViewPatches } from '../../protocol/index.ts';
import type { Account } from '../account.ts';
import { knownFormer } from '../former-chat.ts';
import type { HistoryLoader } from '../load-history.ts';
import type { TopicLoader } from '../load-topics.ts';
import { peersOfMedia, peersOfService } from '../models/media-kinds.ts';
import { type MessageRow, publicMessage, snippetOf } from '../models/message.ts';
import type { Page, Pages } from '../pages.ts';
import { refusalOf, Refused } from '../refusal.ts';
import type { Changes } from '../store/changes.ts';
import { type Said, Values, type View } from './view.ts';

/** Messages that a page holds at most. */
const WINDOW_MAX = 400;
/** With more unread messages than this, the newest ones are not loaded at first. */
const UNREAD_NEAR = 20;

/** Refusals that say that a message is gone, or stands where the account sees nothing. */
const NOT_THERE = new Set(['MESSAGE_ID_INVALID', 'MSG_ID_INVALID', 'MESSAGE_IDS_EMPTY', 'PEER_ID_INVALID', 'CHANNEL_INVALID', 'CHANNEL_PRIVATE']);

/** A chat is opened even if the message that a link names is gone. */
function isGone(error: unknown): false {
  if (error instanceof Refused) return false;
  throw error;
}

/** A window of messages of one chat, or of one thread or topic in it. That of a supergroup begins with the messages of the basic group from which it was made. */
export class MessageWindow implements View<'history'> {
  readonly #account: Account;
  readonly #loader: HistoryLoader;
  readonly peer: PeerId;
  readonly #thread: MessageId | undefined;
  readonly #topics: Pick<TopicLoader, 'open'> | undefined;
  readonly #pages: Pages;
  readonly #first: Position | undefined;
  /** Positions of the window, ascending. */
  #positions: Position[] = [];
  #hasOlder = true;
  #hasNewer = false;
  #jumps = 0;
  #values = new Values<Omit<HistoryView, 'messages'>>();
  #changed = new Map<string, Message>();
  #removed = new Set<string>();
  #outgoing = new Set<string>();
  #replied = new Set<string>();
  #isBusy = false;
  /** Until a page was loaded, the window has at most what arrived meanwhile, and does not know what stands around it. */
  #hasPage = false;

  constructor({ account, loader, topics, say }: { account: Account; loader: HistoryLoader; topics?: Pick<TopicLoader, 'open'>; say: Said<'history'> }) {
    this.#account = account;
    this.#loader = loader;
    this.#topics = topics;
    this.peer = say.peer;
    this.#thread = say.thread;
    this.#pages = loader.pagesOf(say.peer, say.thread);
    this.#first = say.message;
  }

  shows(peer: PeerId, id: MessageId): boolean {
    return this.#chats().includes(peer) && this.#positions.includes(positionIn(this.peer, { peer, id }));
  }

  /** The chat, and the basic group from which it was made. */
  #chats(): PeerId[] {
    const former = knownFormer(this.#account, this.peer);
    return former ? [this.peer, former.peer] : [this.peer];
  }

  #release(): void {
    for (const peer of this.#chats()) this.#account.store.release(peer);
  }

  async start(): Promise<void> {
    this.#tellOutgoing();
    const marks = await this.#findMarks();
    const readUpTo = marks && marks.unread > 0 ? marks.readInboxId : undefined;
    const isFound = this.#first !== undefined && (await this.jump({ message: this.#first }).then(() => true, isGone));
    if (!isFound) await this.#startAtUnread(readUpTo, marks?.unread ?? 0);
    this.#values.set({ firstUnread: readUpTo === undefined ? undefined : this.#firstAfter(readUpTo) });
  }

  /** What was read before. After the cache was dropped, only the list of chats says it. */
  async #findMarks(): Promise<{ unread: number; readInboxId: MessageId } | undefined> {
    const { store, firstChats } = this.#account;
    if (this.#thread !== undefined) {
      await this.#topics?.open(this.peer, this.#thread);
      return store.topics.get(this.peer, this.#thread) ?? store.threads.get(this.peer, this.#thread);
    }
    if (!store.chats.has(this.peer)) await firstChats;
    return store.chats.get(this.peer);
  }

  /** Whether a message belongs into this window. */
  #takes(row: MessageRow): boolean {
    return this.#thread === undefined || this.#account.store.threadOf(row) === this.#thread || this.#isRoot(row.id);
  }

  #isRoot(id: MessageId): boolean {
    return this.#thread !== undefined && this.#account.store.threads.get(this.peer, this.#thread)?.roots.includes(id) === true;
  }

  /** Shows the first unread message, or the newest ones. */
  async #startAtUnread(readUpTo: MessageId | undefined, unread: number): Promise<void> {
    const isFar = readUpTo !== undefined && unread > UNREAD_NEAR;
    this.#show(isFar ? await this.#pages.around({ message: Math.max(this.#thread ?? 1, readUpTo) }) : await this.#pages.older(undefined));
    const first = readUpTo === undefined ? undefined : this.#firstAfter(readUpTo);
    this.#aim(first === undefined ? { at: 'end' } : { at: 'unread', message: first });
  }

  #firstAfter(readUpTo: MessageId): MessageId | undefined {
    return this.#positions.find((id) => id > readUpTo && !this.#isRoot(id) && !this.#account.store.message(this.peer, id)?.isOut);
  }

  #aim(place: { at: 'message' | 'unread'; message: Position } | { at: 'end' }): void {
    this.#values.set({ target: { ...place, jump: ++this.#jumps } });
    this.#account.store.noteGathered();
  }

  /** Moves the window: to a message, to a moment, or to the newest messages. @throws Refused if the message is gone */
  async jump({ message, date }: { message?: Position; date?: number }): Promise<void> {
    if (message !== undefined && this.#hasPage && this.#positions.includes(message)) {
      this.#aim({ at: 'message', message });
      return;
    }
    if (message === undefined && date === undefined) {
      if (this.#hasNewer || this.#positions.length === 0) this.#show(await this.#pages.older(undefined));
      this.#aim({ at: 'end' });
      return;
    }
    const page = await this.#pages.around(message === undefined ? { date: date! } : { message });
    const found = message === undefined ? (page.rows.find((row) => row.date >= date!) ?? page.rows.at(-1)) : page.rows.find((row) => this.#positionOf(row) === message);
    if (found === undefined) throw new Refused({ code: 'MESSAGE_ID_INVALID' });
    this.#show(page);
    this.#aim({ at: 'message', message: this.#positionOf(found) });
  }

  /** Moves the window to the oldest mention or reaction that was not seen. */
  async jumpToUnseen(kind: UnseenKind): Promise<void> {
    const oldest = await this.#loader.oldestUnseen(this.peer, kind, this.#thread);
    if (oldest) await this.jump({ message: oldest.id });
  }

  /** Replaces the window. */
  #show({ rows, isStart, isEnd }: Page): void {
    const before = this.#positions;
    const newest = rows.at(-1);
    const last = newest ? this.#positionOf(newest) : 0;
    // What arrived while the first page was read is not part of it, and stands behind it.
    this.#positions = this.#hasPage || !isEnd ? [] : before.filter((position) => position > last);
    this.#hasPage = true;
    this.#insert(rows);
    for (const position of before) if (!this.#positions.includes(position)) this.#remove(position);
    this.#release();
    this.#hasOlder = !isStart;
    this.#hasNewer = !isEnd;
    this.#values.set({ hasOlder: this.#hasOlder, hasNewer: this.#hasNewer, isLoading: false });
  }

  async older(): Promise<void> {
    if (!this.#hasOlder) return;
    await this.#extend(async () => {
      const page = await this.#pages.older(this.#positions[0]);
      this.#insert(page.rows);
      this.#hasOlder = !page.isStart && page.rows.length > 0;
      const spare = this.#positions.splice(WINDOW_MAX);
      if (spare.length > 0) this.#hasNewer = true;
      return spare;
    });
  }

  async newer(): Promise<void> {
    if (!this.#hasNewer) return;
    await this.#extend(async () => {
      const page = await this.#pages.newer(this.#positions.at(-1) ?? this.#thread ?? 0);
      this.#insert(page.rows);
      this.#hasNewer = !page.isEnd && page.rows.length > 0;
      const spare = this.#positions.splice(0, Math.max(0, this.#positions.length - WINDOW_MAX));
      if (spare.length > 0) this.#hasOlder = true;
      return spare;
    });
  }

  /** Does one extension at a time. @param load returns the positions that left the window */
  async #extend(load: () => Promise<Position[]>): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    this.#values.set({ isLoading: true });
    try {
      for (const position of await load()) this.#remove(position);
      this.#release();
    } finally {
      this.#isBusy = false;
      this.#values.set({ isLoading: false, hasOlder: this.#hasOlder, hasNewer: this.#hasNewer });
    }
  }

  #insert(rows: MessageRow[]): void {
    this.#account.store.hold(rows);
    this.#positions = [...new Set([...this.#positions, ...rows.map((row) => this.#positionOf(row))])].sort((first, second) => first - second);
    for (const row of rows) this.#tell(row);
  }

  #tell(row: MessageRow): void {
    this.#removed.delete(row.key);
    this.#changed.set(row.key, publicMessage(row));
    if (row.id !== 0) this.#keys.set(this.#positionOf(row), row.key);
    if (row.replyTo && row.replyTo.id !== 0 && !this.#replied.has(repliedKey(row))) void this.#findReplied(row);
  }

  /** Keys by which the page knows the messages of the window. */
  #keys = new Map<Position, string>();

  #positionOf(row: MessageRow): Position {
    return positionIn(this.peer, row);
  }

  #remove(position: Position): void {
    const key = this.#keys.get(position);
    if (key === undefined) return;
    this.#keys.delete(position);
    this.#changed.delete(key);
    this.#removed.add(key);
  }

  /** Looks for the message that another one answers. */
  async #findReplied(row: MessageRow): Promise<void> {
    const key = repliedKey(row);
    this.#replied.add(key);
    const { id, peer = row.peer } = row.replyTo!;
    try {
      const [found] = await this.#loader.get(peer, [id]);
      this.#noteReplied(key, found && snippetOf(found));
    } catch (error) {
      if (NOT_THERE.has(refusalOf(error).code)) this.#noteReplied(key, undefined);
      // The message may be there all the same: it is looked for again with the next answer to it.
      else this.#replied.delete(key);
    }
  }

  #snippets: HistoryView['replied'] = {};

  #noteReplied(key: string, snippet: Snippet | undefined): void {
    this.#snippets = { ...this.#snippets, [key]: snippet };
    this.#values.set({ replied: this.#snippets });
    this.#account.store.noteGathered();
  }

  /** What stands on its way in this chat, as the page shows it behind the messages. */
  #tellOutgoing(): void {
    const rows = this.#account.store.outgoing(this.peer).filter((row) => this.#takes(row));
    const keys = new Set(rows.map(({ key }) => key));
    for (const row of rows) this.#tell(row);
    const arrived = new Set(this.#keys.values());
    for (const key of this.#outgoing) if (!keys.has(key) && !arrived.has(key)) this.#removed.add(key);
    this.#outgoing = keys;
  }

  notice(changes: Changes): void {
    for (const peer of this.#chats()) {
      for (const id of [...(changes.messages.get(peer) ?? [])].sort((first, second) => first - second)) this.#noticeMessage(peer, id);
    }
    if (changes.outbox.has(this.peer)) this.#tellOutgoing();
    if (changes.threads.has(this.peer)) this.#noticeThread();
    const showsOld = this.#positions.length > 0 && isOldPosition(this.#positions[0]!);
    if ((showsOld ? this.#chats() : [this.peer]).some((peer) => changes.voided.has(peer))) this.#startAnew();
  }

  /** Messages may be missing, also between those that the window has. */
  #startAnew(): void {
    this.#hasNewer = true;
    void this.jump({}).catch(() => undefined);
  }

  /** Somebody else may have replied where no update tells it: then the server was asked for the newest reply. */
  #noticeThread(): void {
    const thread = this.#thread === undefined ? undefined : this.#account.store.threads.get(this.peer, this.#thread);
    if (!thread || this.#positions.length === 0 || this.#hasNewer || thread.topId <= this.#positions.at(-1)!) return;
    this.#values.set({ hasNewer: (this.#hasNewer = true) });
    void this.newer().catch(() => undefined);
  }

  #noticeMessage(peer: PeerId, id: MessageId): void {
    const row = this.#account.store.message(peer, id);
    const key = `${peer}:${id}`;
    if (this.#replied.has(key)) this.#noteReplied(key, row && snippetOf(row));
    const position = positionIn(this.peer, { peer, id });
    if (!row) {
      this.#positions = this.#positions.filter((each) => each !== position);
      this.#remove(position);
      return;
    }
    // Of the old group nothing is new, and nothing comes into the window but by a page of it.
    if (isOldPosition(position) ? !this.#positions.includes(position) : !this.#takes(row)) return;
    const isInside = this.#positions.length > 0 && position > this.#positions[0]!;
    const isAppended = !this.#hasNewer && (isInside || this.#positions.length === 0 || !this.#hasOlder);
    if (this.#positions.includes(position)) this.#tell(row);
    else if (isAppended || (isInside && position < this.#positions.at(-1)!)) this.#insert([row]);
    const spare = this.#isBusy ? [] : this.#positions.splice(0, Math.max(0, this.#positions.length - WINDOW_MAX));
    for (const each of spare) this.#remove(each);
    if (spare.length > 0) this.#values.set({ hasOlder: (this.#hasOlder = true) });
  }

  takePatch(): HistoryPatch | undefined {
    const patch: HistoryPatch = this.#values.take() ?? {};
    if (this.#changed.size > 0) patch.messages = [...this.#changed.values()];
    if (this.#removed.size > 0) patch.removed = [...this.#removed];
    this.#changed.clear();
    this.#removed.clear();
    return Object.keys(patch).length === 0 ? undefined : patch;
  }

  *peersOf({ messages, replied }: ViewPatches['history']): Iterable<PeerId> {
    for (const message of messages ?? []) {
      if (message.peer !== this.peer) yield message.peer;
      yield* peersOfMessage(message);
    }
    for (const snippet of Object.values(replied ?? {})) if (snippet) yield snippet.from;
  }

  close(): void {
    this.#positions = [];
    this.#release();
    for (const peer of this.#chats()) void this.#account.store.trim(peer).catch(() => undefined);
  }
}

const repliedKey = ({ peer, replyTo }: MessageRow): string => `${replyTo!.peer ?? peer}:${replyTo!.id}`;

/** The peers whose names a message shows. Pure. */
export function* peersOfMessage({ from, forwarded, replyTo, replies, via, media, service, entities, reactions }: Message): Iterable<PeerId> {
  yield from;
  for (const named of [forwarded?.from, forwarded?.origin?.peer, replyTo?.author?.peer]) if (named !== undefined) yield named;
  if (via !== undefined) yield via;
  if (replies?.recent) yield* replies.recent;
  yield* peersOfMedia({ media });
  if (service) yield* peersOfService(service);
  for (const { people } of reactions ?? []) if (people) yield* people;
  for (const { user } of entities ?? []) if (user !== undefined) yield user;
}

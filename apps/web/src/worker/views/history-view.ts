import type { HistoryPatch, HistoryView, Message, MessageId, PeerId, Snippet, ViewPatches } from '../../protocol/index.ts';
import type { Account } from '../account.ts';
import type { HistoryLoader, Page } from '../load-history.ts';
import { type MessageRow, publicMessage, snippetOf } from '../models/message.ts';
import type { Changes } from '../store/changes.ts';
import { type Said, Values, type View } from './view.ts';

/** Messages that a page holds at most. */
const WINDOW_MAX = 400;

/** A window of messages of one chat. */
export class MessageWindow implements View<'history'> {
  readonly #account: Account;
  readonly #loader: HistoryLoader;
  readonly peer: PeerId;
  readonly #first: MessageId | undefined;
  /** Ids of the window, ascending. */
  #ids: MessageId[] = [];
  #hasOlder = true;
  #hasNewer = false;
  #jumps = 0;
  #values = new Values<Omit<HistoryView, 'messages'>>();
  #changed = new Map<string, Message>();
  #removed = new Set<string>();
  #outgoing = new Set<string>();
  #replied = new Set<string>();
  #isBusy = false;

  constructor({ account, loader, say }: { account: Account; loader: HistoryLoader; say: Said<'history'> }) {
    this.#account = account;
    this.#loader = loader;
    this.peer = say.peer;
    this.#first = say.message;
  }

  shows(id: MessageId): boolean {
    return this.#ids.includes(id);
  }

  async start(): Promise<void> {
    this.#tellOutgoing();
    const chat = this.#account.store.chats.get(this.peer);
    const unread = chat && chat.unread > 0 ? chat.readInboxId : undefined;
    if (this.#first !== undefined) await this.jump({ message: this.#first });
    else if (unread !== undefined && unread > 0 && chat!.unread > 20) await this.#jumpToUnread(unread);
    else await this.jump({});
    const firstUnread = unread === undefined ? undefined : this.#ids.find((id) => id > unread && !this.#account.store.message(this.peer, id)?.isOut);
    this.#values.set({ firstUnread });
  }

  async #jumpToUnread(readInboxId: MessageId): Promise<void> {
    const page = await this.#loader.around(this.peer, { message: readInboxId });
    this.#show(page, page.rows.find(({ id }) => id > readInboxId)?.id);
  }

  /** Moves the window: to a message, to a moment, or to the newest messages. */
  async jump({ message, date }: { message?: MessageId; date?: number }): Promise<void> {
    if (message !== undefined && this.shows(message)) {
      this.#values.set({ target: { message, jump: ++this.#jumps } });
      return;
    }
    if (message === undefined && date === undefined) {
      this.#show(await this.#loader.older(this.peer, undefined), undefined);
      return;
    }
    const page = await this.#loader.around(this.peer, message === undefined ? { date: date! } : { message });
    const target = message ?? page.rows.find((row) => row.date >= date!)?.id ?? page.rows.at(-1)?.id;
    this.#show(page, target);
  }

  /** Replaces the window. */
  #show({ rows, isStart, isEnd }: Page, target: MessageId | undefined): void {
    const before = this.#ids;
    this.#ids = [];
    this.#insert(rows);
    for (const id of before) if (!this.shows(id)) this.#remove(id);
    this.#account.store.release(this.peer);
    this.#hasOlder = !isStart;
    this.#hasNewer = !isEnd;
    this.#values.set({ hasOlder: this.#hasOlder, hasNewer: this.#hasNewer, isLoading: false, target: { message: target ?? 0, jump: ++this.#jumps } });
  }

  async older(): Promise<void> {
    if (!this.#hasOlder) return;
    await this.#extend(async () => {
      const page = await this.#loader.older(this.peer, this.#ids[0]);
      this.#insert(page.rows);
      this.#hasOlder = !page.isStart && page.rows.length > 0;
      const spare = this.#ids.splice(WINDOW_MAX);
      if (spare.length > 0) this.#hasNewer = true;
      return spare;
    });
  }

  async newer(): Promise<void> {
    if (!this.#hasNewer) return;
    await this.#extend(async () => {
      const page = await this.#loader.newer(this.peer, this.#ids.at(-1) ?? 0);
      this.#insert(page.rows);
      this.#hasNewer = !page.isEnd && page.rows.length > 0;
      const spare = this.#ids.splice(0, Math.max(0, this.#ids.length - WINDOW_MAX));
      if (spare.length > 0) this.#hasOlder = true;
      return spare;
    });
  }

  /** Does one extension at a time. @param load returns the ids that left the window */
  async #extend(load: () => Promise<MessageId[]>): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    this.#values.set({ isLoading: true });
    try {
      for (const id of await load()) this.#remove(id);
      this.#account.store.release(this.peer);
    } finally {
      this.#isBusy = false;
      this.#values.set({ isLoading: false, hasOlder: this.#hasOlder, hasNewer: this.#hasNewer });
    }
  }

  #insert(rows: MessageRow[]): void {
    this.#account.store.hold(rows);
    this.#ids = [...new Set([...this.#ids, ...rows.map(({ id }) => id)])].sort((first, second) => first - second);
    for (const row of rows) this.#tell(row);
  }

  #tell(row: MessageRow): void {
    this.#removed.delete(row.key);
    this.#changed.set(row.key, publicMessage(row));
    if (row.id !== 0) this.#keys.set(row.id, row.key);
    if (row.replyTo && !this.#replied.has(repliedKey(row))) void this.#findReplied(row);
  }

  /** Keys by which the page knows the messages of the window. */
  #keys = new Map<MessageId, string>();

  #remove(id: MessageId): void {
    const key = this.#keys.get(id);
    if (key === undefined) return;
    this.#keys.delete(id);
    this.#changed.delete(key);
    this.#removed.add(key);
  }

  /** Looks for the message that another one answers. */
  async #findReplied(row: MessageRow): Promise<void> {
    const key = repliedKey(row);
    this.#replied.add(key);
    const { id, peer = row.peer } = row.replyTo!;
    const [found] = await this.#loader.get(peer, [id]).catch(() => []);
    this.#noteReplied(key, found && snippetOf(found));
  }

  #snippets: HistoryView['replied'] = {};

  #noteReplied(key: string, snippet: Snippet | undefined): void {
    this.#snippets = { ...this.#snippets, [key]: snippet };
    this.#values.set({ replied: this.#snippets });
    this.#account.store.noteDetails(this.peer);
  }

  /** What stands on its way in this chat, as the page shows it behind the messages. */
  #tellOutgoing(): void {
    const rows = this.#account.store.outgoing(this.peer);
    const keys = new Set(rows.map(({ key }) => key));
    for (const row of rows) this.#tell(row);
    const arrived = new Set(this.#keys.values());
    for (const key of this.#outgoing) if (!keys.has(key) && !arrived.has(key)) this.#removed.add(key);
    this.#outgoing = keys;
  }

  notice(changes: Changes): void {
    for (const id of [...(changes.messages.get(this.peer) ?? [])].sort((first, second) => first - second)) this.#noticeMessage(id);
    if (changes.outbox.has(this.peer)) this.#tellOutgoing();
    if (changes.voided.has(this.peer)) void this.jump({}).catch(() => undefined);
  }

  #noticeMessage(id: MessageId): void {
    const row = this.#account.store.message(this.peer, id);
    const key = `${this.peer}:${id}`;
    if (this.#replied.has(key)) this.#noteReplied(key, row && snippetOf(row));
    if (!row) {
      this.#ids = this.#ids.filter((each) => each !== id);
      this.#remove(id);
      return;
    }
    const isInside = this.#ids.length > 0 && id > this.#ids[0]!;
    const isAppended = !this.#hasNewer && (isInside || this.#ids.length === 0 || !this.#hasOlder);
    if (this.shows(id)) this.#tell(row);
    else if (isAppended || (isInside && id < this.#ids.at(-1)!)) this.#insert([row]);
    const spare = this.#isBusy ? [] : this.#ids.splice(0, Math.max(0, this.#ids.length - WINDOW_MAX));
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
    for (const message of messages ?? []) yield* peersOfMessage(message);
    for (const snippet of Object.values(replied ?? {})) if (snippet) yield snippet.from;
  }

  close(): void {
    this.#ids = [];
    this.#account.store.release(this.peer);
    void this.#account.store.trim(this.peer).catch(() => undefined);
  }
}

const repliedKey = ({ peer, replyTo }: MessageRow): string => `${replyTo!.peer ?? peer}:${replyTo!.id}`;

/** The peers whose names a message shows. Pure. */
export function* peersOfMessage({ from, forwarded, via, media, service, entities }: Message): Iterable<PeerId> {
  yield from;
  if (forwarded?.from !== undefined) yield forwarded.from;
  if (via !== undefined) yield via;
  if (media?.kind === 'contact' && media.user !== undefined) yield media.user;
  if (service && 'user' in service) yield service.user;
  if (service && 'users' in service) yield* service.users;
  for (const { user } of entities ?? []) if (user !== undefined) yield user;
}

import type { Chat, ChatItem, ChatsView, PeerId, ViewPatches } from '../../protocol/index.ts';
import type { Account } from '../account.ts';
import type { ChatLoader } from '../load-chats.ts';
import { snippetOf } from '../models/message.ts';
import { ARCHIVE_ID } from '../reduce/index.ts';
import type { Changes } from '../store/changes.ts';
import { type Said, Values, type View } from './view.ts';

/** Pinned chats first, in their order, then by date. Pure. */
export function compareChats(first: Chat, second: Chat): number {
  if (first.pinned !== undefined || second.pinned !== undefined) return (first.pinned ?? Infinity) - (second.pinned ?? Infinity);
  return second.date - first.date || second.topId - first.topId;
}

/** The list of chats, or a part of it. */
export class ChatListView implements View<'chats'> {
  readonly #account: Account;
  readonly #loader: ChatLoader;
  readonly #list: Said<'chats'>['list'];
  #order: PeerId[] = [];
  #values = new Values<ChatsView>();

  constructor({ account, loader, say }: { account: Account; loader: ChatLoader; say: Said<'chats'> }) {
    this.#account = account;
    this.#loader = loader;
    this.#list = say.list;
  }

  get #folder(): number {
    return this.#list === 'archive' ? ARCHIVE_ID : 0;
  }

  #isInList(chat: Chat): boolean {
    return (chat.isArchived === true) === (this.#list === 'archive');
  }

  async start(): Promise<void> {
    this.#arrange();
    this.#values.set({ items: Object.fromEntries(this.#order.map((peer) => [peer, this.#itemOf(peer)])), hasMore: true });
    if (this.#order.length === 0) await this.more();
  }

  async more(): Promise<void> {
    await this.#loader.more(this.#folder);
    this.#values.set({ hasMore: this.#loader.hasMore(this.#folder) });
  }

  #arrange(): void {
    this.#order = [...this.#account.store.chats.values()].filter((chat) => this.#isInList(chat)).sort(compareChats).map(({ peer }) => peer);
    this.#values.set({ order: this.#order });
  }

  #itemOf(peer: PeerId): ChatItem | undefined {
    const { store, typing } = this.#account;
    const chat = store.chats.get(peer);
    if (!chat || !this.#isInList(chat)) return undefined;
    const top = store.outgoing(peer).at(-1) ?? store.message(peer, chat.topId);
    const typists = typing.list(peer);
    return { chat, top: top && snippetOf(top), typing: typists.length === 0 ? undefined : typists };
  }

  notice(changes: Changes): void {
    const touched = new Set([...changes.chats, ...changes.outbox, ...changes.typing]);
    for (const [peer, ids] of changes.messages) {
      const topId = this.#account.store.chats.get(peer)?.topId;
      if (topId !== undefined && ids.has(topId)) touched.add(peer);
    }
    if (touched.size === 0) return;
    const items: ChatsView['items'] = {};
    for (const peer of touched) items[peer] = this.#itemOf(peer);
    this.#values.set({ items: { ...this.#waiting, ...items } });
    this.#waiting = { ...this.#waiting, ...items };
    if (changes.chats.size > 0) this.#arrange();
  }

  /** Rows that were noted since the last patch. */
  #waiting: ChatsView['items'] = {};

  takePatch(): ViewPatches['chats'] | undefined {
    this.#waiting = {};
    return this.#values.take();
  }

  *peersOf({ items }: ViewPatches['chats']): Iterable<PeerId> {
    for (const item of Object.values(items ?? {})) {
      if (!item) continue;
      yield item.chat.peer;
      if (item.top) yield item.top.from;
      for (const { user } of item.typing ?? []) yield user;
      const { service } = item.top ?? {};
      if (service && 'user' in service) yield service.user;
      if (service && 'users' in service) yield* service.users;
    }
  }

  close(): void {}
}

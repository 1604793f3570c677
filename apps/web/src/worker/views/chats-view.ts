import type { Chat, ChatItem, ChatsView, PeerId, ViewPatches } from '../../protocol/index.ts';
import type { Account } from '../account.ts';
import type { ChatLoader } from '../load-chats.ts';
import { type FolderRule, isInFolder } from '../models/folder.ts';
import { snippetOf } from '../models/message.ts';
import { mutedUntil } from '../models/mutes.ts';
import { ARCHIVE_ID } from '../reduce/index.ts';
import type { Changes } from '../store/changes.ts';
import { isUnlisted } from '../store/listed-chats.ts';
import type { Store } from '../store/store.ts';
import { type Said, Values, type View } from './view.ts';

/** Pinned chats first, in their order, then by date. Pure. */
export function compareChats(first: Chat, second: Chat): number {
  if (first.pinned !== undefined || second.pinned !== undefined) return (first.pinned ?? Infinity) - (second.pinned ?? Infinity);
  return second.date - first.date || second.topId - first.topId;
}

const placeOf = (pinned: PeerId[] | undefined, peer: PeerId): number | undefined => {
  const at = pinned?.indexOf(peer) ?? -1;
  return at === -1 ? undefined : at;
};

/** Whether a chat is in a folder now. */
export function belongs(store: Store, rule: FolderRule, chat: Chat): boolean {
  const peer = store.peers.get(chat.peer);
  return isInFolder(rule, { chat, peer, isMuted: mutedUntil(chat, peer, store.facts.mutes) > Date.now() / 1000 });
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

  /** The rule of the folder whose chats are shown; undefined for the list itself and the archive. */
  get #rule(): FolderRule | undefined {
    return this.#account.store.facts.folders.find(({ id }) => id === this.#list);
  }

  #isInList(chat: Chat): boolean {
    if (isUnlisted(this.#account.store, chat.peer)) return false;
    if (typeof this.#list === 'number') return this.#rule !== undefined && belongs(this.#account.store, this.#rule, chat);
    return (chat.isArchived === true) === (this.#list === 'archive');
  }

  async start(): Promise<void> {
    this.#arrange();
    this.#showAll();
    this.#values.set({ hasMore: true });
    if (typeof this.#list === 'number') await this.#loadAll();
    else if (this.#order.length === 0) await this.more();
  }

  async more(): Promise<void> {
    if (typeof this.#list === 'number') return;
    await this.#loader.more(this.#folder);
    this.#values.set({ hasMore: this.#loader.hasMore(this.#folder) });
  }

  /** Chats of a folder may stand anywhere in both lists. */
  async #loadAll(): Promise<void> {
    await this.#loader.all();
    this.#values.set({ hasMore: false });
  }

  #showAll(): void {
    this.#note(this.#order);
  }

  #arrange(): void {
    const pinned = this.#rule?.pinned;
    this.#order = [...this.#account.store.chats.values()]
      .filter((chat) => this.#isInList(chat))
      .map((chat) => (typeof this.#list === 'number' ? { ...chat, pinned: placeOf(pinned, chat.peer) } : chat))
      .sort(compareChats)
      .map(({ peer }) => peer);
    this.#values.set({ order: this.#order });
  }

  #itemOf(peer: PeerId): ChatItem | undefined {
    const { store, typing } = this.#account;
    const chat = store.shownChat(peer);
    if (!chat || !this.#isInList(chat)) return undefined;
    if (typeof this.#list === 'number') chat.pinned = placeOf(this.#rule?.pinned, peer);
    const top = store.outgoing(peer).at(-1) ?? store.message(peer, chat.topId);
    const typists = typing.list(peer);
    return { chat, isMuted: (chat.mutedUntil ?? 0) > Date.now() / 1000, top: top && snippetOf(top), typing: typists.length === 0 ? undefined : typists };
  }

  notice(changes: Changes): void {
    const touched = new Set([...changes.chats, ...changes.outbox, ...changes.typing]);
    for (const [peer, ids] of changes.messages) {
      const topId = this.#account.store.chats.get(peer)?.topId;
      if (topId !== undefined && ids.has(topId)) touched.add(peer);
    }
    // A person who became a contact, a mute that ended, or a folder that was changed, may bring others.
    const isOther = changes.folders || changes.mutes || (typeof this.#list === 'number' && changes.peers.size > 0) || [...changes.peers].some((peer) => this.#moves(peer));
    if (isOther) this.#arrange();
    if (isOther) for (const peer of this.#order) touched.add(peer);
    if (touched.size > 0) this.#note(touched);
    if (changes.chats.size > 0) this.#arrange();
  }

  /** Whether a chat comes to this list or leaves it because of what became of its peer, such as a group that was joined. */
  #moves(peer: PeerId): boolean {
    const { store } = this.#account;
    const chat = store.chats.get(peer);
    return isUnlisted(store, peer) || (chat !== undefined && this.#isInList(chat) && !this.#order.includes(peer));
  }

  #note(peers: Iterable<PeerId>): void {
    const items: ChatsView['items'] = {};
    for (const peer of peers) items[peer] = this.#itemOf(peer);
    this.#waiting = { ...this.#waiting, ...items };
    this.#values.set({ items: this.#waiting });
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

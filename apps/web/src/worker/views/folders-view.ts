import type { Chat, FoldersView, PeerId, ViewPatches } from '../../protocol/index.ts';
import type { Account } from '../account.ts';
import type { ChatLoader } from '../load-chats.ts';
import type { Changes } from '../store/changes.ts';
import { isUnlisted, listedChats } from '../store/listed-chats.ts';
import { isSame } from '../store/is-same.ts';
import { belongs } from './chats-view.ts';
import { Values, type View } from './view.ts';

const isUnread = ({ unread, isMarkedUnread }: Chat): boolean => unread > 0 || isMarkedUnread === true;

/** Tabs above the list of chats, what the archive has, and what is unread in all. */
export class FolderTabsView implements View<'folders'> {
  readonly #account: Account;
  readonly #loader: ChatLoader;
  #values = new Values<FoldersView>();
  #shown: FoldersView | undefined;

  constructor({ account, loader }: { account: Account; loader: ChatLoader }) {
    this.#account = account;
    this.#loader = loader;
  }

  async start(): Promise<void> {
    this.#count();
    await this.#account.firstChats;
    await this.#loadAll();
  }

  /** What is unread in folders, and in the archive, cannot be told from the first page. */
  async #loadAll(): Promise<void> {
    const { folders } = this.#account.store.facts;
    if (folders.length > 0 || this.#loader.hasArchive) await this.#loader.all();
  }

  #count(): void {
    const { store } = this.#account;
    const chats = listedChats(store).map(({ peer }) => store.shownChat(peer)!);
    const now = Date.now() / 1000;
    const isMuted = ({ mutedUntil = 0 }: Chat): boolean => mutedUntil > now;
    const tell = (inside: Chat[]): { unread: number; isMuted: boolean; isSilent: boolean } => {
      const unread = inside.filter(isUnread);
      const audible = inside.filter(({ peer }) => peer !== this.#account.me);
      return { unread: unread.length, isMuted: unread.every(isMuted), isSilent: audible.length > 0 && audible.every(isMuted) };
    };
    const main = chats.filter(({ isArchived }) => !isArchived);
    const archived = chats.filter(({ isArchived }) => isArchived);
    const folders = store.facts.folders.map((rule) => ({ id: rule.id, title: rule.title, ...tell(chats.filter((chat) => belongs(store, rule, chat))) }));
    const shown: FoldersView = {
      folders: folders.length === 0 ? [] : [{ id: 0, title: '', ...tell(main) }, ...folders],
      archived: archived.length,
      archivedUnread: tell(archived).unread,
      badge: main.filter(({ mutedUntil = 0 }) => mutedUntil <= now).reduce((sum, { unread, isMarkedUnread }) => sum + (unread || (isMarkedUnread ? 1 : 0)), 0),
    };
    if (isSame(this.#shown, shown)) return;
    this.#shown = shown;
    this.#values.set(shown);
  }

  notice(changes: Changes): void {
    // A person who became a contact may belong into other folders.
    const { store } = this.#account;
    const mayMove = (changes.peers.size > 0 && store.facts.folders.length > 0) || [...changes.peers].some((peer) => isUnlisted(store, peer));
    if (changes.chats.size > 0 || changes.folders || changes.mutes || mayMove) this.#count();
    if (changes.folders) void this.#loadAll().catch(() => undefined);
  }

  takePatch(): ViewPatches['folders'] | undefined {
    return this.#values.take();
  }

  peersOf(): Iterable<PeerId> {
    return [];
  }

  close(): void {}
}

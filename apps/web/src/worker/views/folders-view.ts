import type { PeerId, ViewPatches, Views } from '../../protocol/index.ts';
import type { Account } from '../account.ts';
import type { Changes } from '../store/changes.ts';
import { Values, type View } from './view.ts';

/** Tabs above the list of chats, and how many chats the archive has. */
export class FoldersView implements View<'folders'> {
  readonly #account: Account;
  #values = new Values<Views['folders']['see']>();

  constructor(account: Account) {
    this.#account = account;
  }

  async start(): Promise<void> {
    this.#count();
    this.#values.set({ folders: [] });
    await Promise.resolve();
  }

  #count(): void {
    const archived = [...this.#account.store.chats.values()].filter(({ isArchived }) => isArchived).length;
    this.#values.set({ archived });
  }

  notice(changes: Changes): void {
    if (changes.chats.size > 0) this.#count();
  }

  takePatch(): ViewPatches['folders'] | undefined {
    return this.#values.take();
  }

  peersOf(): Iterable<PeerId> {
    return [];
  }

  close(): void {}
}

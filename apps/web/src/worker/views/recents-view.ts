import type { PeerId, ViewPatches } from '../../protocol/index.ts';
import type { Account } from '../account.ts';
import type { Changes } from '../store/changes.ts';
import { Values, type View } from './view.ts';

/** Who was opened from the search box lately. */
export class RecentsView implements View<'recents'> {
  readonly #account: Account;
  #values = new Values<{ peers: PeerId[] }>();

  constructor(account: Account) {
    this.#account = account;
  }

  async start(): Promise<void> {
    this.#values.set({ peers: this.#account.store.facts.recents });
    await Promise.resolve();
  }

  notice(changes: Changes): void {
    if (changes.recents) this.#values.set({ peers: this.#account.store.facts.recents });
  }

  takePatch(): ViewPatches['recents'] | undefined {
    return this.#values.take();
  }

  peersOf({ peers }: ViewPatches['recents']): Iterable<PeerId> {
    return peers ?? [];
  }

  close(): void {}
}

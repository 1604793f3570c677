import type { PeerId, ViewPatches } from '../../protocol/index.ts';
import type { Account } from '../account.ts';
import { loadContacts } from '../load-settings.ts';
import type { Changes } from '../store/changes.ts';
import { isSame } from '../store/is-same.ts';
import { Values, type View } from './view.ts';

/** Everybody in the address book of the account. */
export class ContactsView implements View<'contacts'> {
  readonly #account: Account;
  #people: PeerId[] = [];
  #values = new Values<{ people: PeerId[] }>();

  constructor(account: Account) {
    this.#account = account;
  }

  async start(): Promise<void> {
    this.#list();
    await loadContacts(this.#account);
    this.#values.set({ people: this.#people });
    this.#list();
  }

  #list(): void {
    const people = [...this.#account.store.peers.values()].filter(({ isContact, isSelf, isDeleted }) => isContact && !isSelf && !isDeleted);
    const sorted = people.sort((first, second) => first.name.localeCompare(second.name)).map(({ id }) => id);
    if (isSame(sorted, this.#people)) return;
    this.#people = sorted;
    this.#values.set({ people: sorted });
  }

  notice(changes: Changes): void {
    if (changes.peers.size > 0) this.#list();
  }

  takePatch(): ViewPatches['contacts'] | undefined {
    return this.#values.take();
  }

  peersOf({ people }: ViewPatches['contacts']): Iterable<PeerId> {
    return people ?? [];
  }

  close(): void {}
}

import type { PeerId } from '../protocol/index.ts';
import type { Account } from './account.ts';
import { Gathering } from './gathering.ts';

/** How long people to load anew are gathered before one call asks for them, in milliseconds. */
const GATHER_MS = 100;
/** People in one call. */
const PEOPLE_MAX = 100;

/** Loads people anew of whom an update only said that something is different. */
export class PeerLoader {
  readonly #account: Account;
  readonly #gathering: Gathering<PeerId>;

  constructor(account: Account) {
    this.#account = account;
    this.#gathering = new Gathering({ waitMs: GATHER_MS, most: PEOPLE_MAX, load: (peers) => this.#load(peers) });
  }

  refresh(peers: PeerId[]): void {
    this.#gathering.add(peers.filter((peer) => peer > 0));
  }

  async #load(peers: PeerId[]): Promise<void> {
    const inputs = await Promise.all(peers.map(async (peer) => await this.#account.inputUser(peer).catch(() => undefined)));
    const id = inputs.filter((input) => input !== undefined);
    if (id.length > 0) this.#account.takePeers({ users: await this.#account.call({ _: 'users.getUsers', id }) });
  }
}

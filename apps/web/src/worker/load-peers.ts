import type { PeerId } from '../protocol/index.ts';
import type { Account } from './account.ts';

/** How long people to load anew are gathered before one call asks for them, in milliseconds. */
const GATHER_MS = 100;
/** People in one call. */
const PEOPLE_MAX = 100;

/** Loads people anew of whom an update only said that something is different. */
export class PeerLoader {
  readonly #account: Account;
  #gathered = new Set<PeerId>();
  #isWaiting = false;

  constructor(account: Account) {
    this.#account = account;
  }

  refresh(peers: PeerId[]): void {
    for (const peer of peers) if (peer > 0) this.#gathered.add(peer);
    if (this.#gathered.size === 0 || this.#isWaiting) return;
    this.#isWaiting = true;
    setTimeout(() => void this.#load().catch(() => undefined), GATHER_MS);
  }

  async #load(): Promise<void> {
    this.#isWaiting = false;
    const peers = [...this.#gathered].slice(0, PEOPLE_MAX);
    for (const peer of peers) this.#gathered.delete(peer);
    this.refresh([]);
    const inputs = await Promise.all(peers.map(async (peer) => await this.#account.inputUser(peer).catch(() => undefined)));
    const id = inputs.filter((input) => input !== undefined);
    if (id.length > 0) this.#account.takePeers({ users: await this.#account.call({ _: 'users.getUsers', id }) });
  }
}

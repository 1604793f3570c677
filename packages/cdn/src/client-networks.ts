import { isLoopbackHost, networkOf, RecentMap } from '@aerogram/runtime';

/** The networks from which clients call, by the names of their accounts. Anybody can make many keys, but addresses are hard to get. */
export class ClientNetworks {
  readonly #networks: RecentMap<string, string>;

  /** @param most how many accounts are remembered */
  constructor(most: number) {
    this.#networks = new RecentMap(most);
  }

  /** Notes the address from which an account calls. */
  note(account: string, address: string): void {
    // All clients of a proxy on this machine have its address.
    if (!isLoopbackHost(address)) this.#networks.set(account, networkOf(address));
  }

  /** The network of an account; undefined if it is not known, or says nothing. */
  find(account: string): string | undefined {
    return this.#networks.get(account);
  }
}

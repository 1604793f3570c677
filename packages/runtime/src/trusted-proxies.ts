import { BlockList, isIP } from 'node:net';
import type { Network } from './config/address.ts';

/** The proxies that are believed when they say who their clients are (`AEROGRAM_TRUSTED_PROXIES`). */
export class TrustedProxies {
  readonly #networks = new BlockList();
  readonly #isEmpty: boolean;

  constructor(networks: readonly Network[]) {
    this.#isEmpty = networks.length === 0;
    for (const { address, prefix } of networks) this.#networks.addSubnet(address, prefix, isIP(address) === 4 ? 'ipv4' : 'ipv6');
  }

  /** Whether an address belongs to a trusted proxy. False for text that is no address, and for addresses with a zone. */
  has(address: string | undefined): boolean {
    // Without the list, which makes an object for each question: this is asked for each connection and request.
    if (this.#isEmpty || address === undefined) return false;
    const family = isIP(address);
    // IPv4 addresses inside IPv6 (::ffff:192.0.2.1) match the IPv4 networks as well.
    return family !== 0 && !address.includes('%') && this.#networks.check(address, family === 4 ? 'ipv4' : 'ipv6');
  }
}

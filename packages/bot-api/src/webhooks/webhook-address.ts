import type { Config } from '@aerogram/runtime';
import { addressesOf, createAddressGuard, createNetworkTest, listOwnAddresses, LOOPBACK, type Network, type Resolve, resolveByDns } from '@aerogram/web-fetch';

import { badWebhook, checkPublicTarget, type WebhookTarget } from './webhook-url.ts';

/** The settings that say where webhooks may be. */
export type WebhookPlaces = Pick<Config, 'isLocalOnly' | 'botApiLocal' | 'webhookNetworks'>;

/** Private networks, without the link-local ones, in which clouds keep what only the machine itself may ask for. */
const PRIVATE: readonly Network[] = [
  { address: '10.0.0.0', prefix: 8 }, { address: '172.16.0.0', prefix: 12 }, { address: '192.168.0.0', prefix: 16 }, { address: 'fc00::', prefix: 7 },
];

/** How long the address of a name may take to be found, in milliseconds. */
const RESOLVE_MS = 10_000;

/** Finds the addresses of webhooks, and refuses those that must not be asked. */
export class WebhookAddresses {
  readonly #isLocal: boolean;
  readonly #isOpen: (address: string) => boolean;
  readonly #isNear: (address: string) => boolean;
  readonly #resolve: Resolve;

  /** @param resolve resolves host names; by default with the machine's DNS servers */
  constructor(places: WebhookPlaces, resolve: Resolve = resolveByDns) {
    // A server that only programs of its own machine reach has no users who could be curious about this machine.
    const near = [...places.webhookNetworks, ...(places.isLocalOnly ? LOOPBACK : []), ...(places.botApiLocal ? [...LOOPBACK, ...PRIVATE] : [])];
    this.#isLocal = places.botApiLocal;
    this.#isOpen = createAddressGuard({ allowed: near, own: listOwnAddresses });
    this.#isNear = createNetworkTest(near);
    this.#resolve = resolve;
  }

  /**
   * Finds the addresses of a webhook. Connections go to exactly these: a name that resolves differently a moment later leads nowhere.
   * @param fixed the address that the bot gave; '' if the name is to be resolved
   * @throws BotError 400 if one of them must not be asked, or the name has none
   */
  async find(target: WebhookTarget, fixed: string): Promise<readonly string[]> {
    const addresses = fixed === '' ? await addressesOf(target, this.#resolve, RESOLVE_MS) : [fixed];
    const isNear = addresses.length > 0 && addresses.every((address) => this.#isNear(address));
    if (!this.#isLocal && !isNear) checkPublicTarget(target);
    if (addresses.length === 0) throw badWebhook('Failed to resolve host: Name or service not known');
    // The error names what the bot has written, so that nobody learns how names of a private network resolve.
    if (!addresses.every((address) => this.#isOpen(address))) throw badWebhook(`IP address ${fixed === '' ? target.host : fixed} is reserved`);
    return addresses;
  }
}

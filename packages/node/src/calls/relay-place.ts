import { hkdfSync } from 'node:crypto';
import { isIP } from 'node:net';
import type { CallRelay } from '@aerogram/domain';
import type { ServerKeys } from '@aerogram/mtproto';
import { type Config, isEveryAddress, isLoopbackHost, type Logger } from '@aerogram/runtime';
import { isPublicAddress } from '@aerogram/web-fetch';

import type { RelayStart } from './relay-messages.ts';

type RelayConfig = Pick<Config, 'calls' | 'turnUrls' | 'callsAddress' | 'callsPort' | 'callsRelayPorts' | 'publicAddress' | 'publicAddressV6' | 'host' | 'isLocalOnly'>;

/** Why a server has no relay of its own. */
export type NoRelay = 'calls are off' | 'others relay' | 'no relay ports' | 'no address';

/** Where the relay of a server listens and how clients are told of it. */
export type RelayPlace = Omit<RelayStart, 'kind' | 'secret'>;

/** Reads from the settings where the relay is, or why there is none. Pure. */
export function relayPlaceOf(config: RelayConfig): RelayPlace | NoRelay {
  const { callsPort, callsRelayPorts, isLocalOnly } = config;
  if (config.calls === 'off') return 'calls are off';
  if (config.turnUrls.length > 0) return 'others relay';
  if (callsRelayPorts === undefined) return 'no relay ports';
  const addresses = addressesOf(config);
  if (addresses[4] === undefined && addresses[6] === undefined) return 'no address';
  return { listen: { host: listenHostOf(config, addresses), port: callsPort }, relayPorts: callsRelayPorts, addresses, isLocalOnly };
}

function addressesOf({ callsAddress, publicAddress, publicAddressV6, host }: RelayConfig): RelayPlace['addresses'] {
  const [v4, v6] = callsAddress === undefined ? [publicAddress, publicAddressV6] : [isIP(callsAddress) === 4 ? callsAddress : undefined, isIP(callsAddress) === 6 ? callsAddress : undefined];
  if (v4 !== undefined || v6 !== undefined) return { 4: v4, 6: v6 };
  const own = ownAddressOf(host);
  if (own === undefined) return {};
  return isIP(own) === 4 ? { 4: own } : { 6: own };
}

/** The one address on which a server listens; undefined if it listens on all. */
function ownAddressOf(host: string): string | undefined {
  const address = host === 'localhost' ? '127.0.0.1' : host;
  return isEveryAddress(address) || isIP(address) === 0 ? undefined : address;
}

/** A server behind a proxy listens on a loopback address, and its relay cannot: UDP does not come by the proxy. */
function listenHostOf({ host, isLocalOnly }: RelayConfig, addresses: RelayPlace['addresses']): string {
  const own = ownAddressOf(host);
  if (own !== undefined && (isLocalOnly || !isLoopbackHost(host))) return own;
  return addresses[6] === undefined ? '0.0.0.0' : '::';
}

/** The told addresses that only devices of a closed network reach; none of a server that only programs of its machine reach. */
export function listClosedAddresses({ addresses, isLocalOnly }: Pick<RelayPlace, 'addresses' | 'isLocalOnly'>): string[] {
  return isLocalOnly ? [] : [addresses[4], addresses[6]].filter((address) => address !== undefined && !isPublicAddress(address)) as string[];
}

/** How clients are told of the relay. @param port at which it listens; 0 if that is not known yet */
export function relaysAt({ addresses }: Pick<RelayPlace, 'addresses'>, port: number): CallRelay[] {
  if (port === 0) return [];
  return [addresses[4], addresses[6]].flatMap((host) => (host === undefined ? [] : [{ kind: 'turn' as const, host, port }]));
}

/** The secret that relay and server share: the same after each start, and on all nodes of a cluster. */
export function relaySecret({ keys }: Pick<ServerKeys, 'keys'>): string {
  return Buffer.from(hkdfSync('sha256', keys[0]!.privatePem, '', 'aerogram relay of calls', 32)).toString('hex');
}

/** Says once why there is no relay, if an operator can do something about it. */
export function noteNoRelay(reason: NoRelay, log: Logger): void {
  if (reason === 'no address') log.warn('calls have no relay: set AEROGRAM_CALLS_ADDRESS or AEROGRAM_PUBLIC_ADDRESS to the address at which clients reach this server');
}

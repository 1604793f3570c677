import { type Config, type Endpoint, isEveryAddress } from '@aerogram/runtime';

/**
 * Returns the address and port that clients should connect to.
 * @param listening what the server listens on, possibly all addresses
 * @param localAddress an address of this machine that is known to be reachable
 */
export function reachableEndpoint(
  listening: Endpoint,
  config: Pick<Config, 'publicAddress' | 'publicPort'>,
  localAddress: string,
): Endpoint {
  const own = isEveryAddress(listening.host) ? localAddress.replace(/^::ffff:/, '') : listening.host;
  return { host: config.publicAddress ?? own, port: config.publicPort || listening.port };
}

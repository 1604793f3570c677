import type { Config, Endpoint } from '@aerogram/runtime';

const EVERY_ADDRESS = ['0.0.0.0', '::'];

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
  const own = EVERY_ADDRESS.includes(listening.host) ? localAddress.replace(/^::ffff:/, '') : listening.host;
  return { host: config.publicAddress ?? own, port: config.publicPort || listening.port };
}

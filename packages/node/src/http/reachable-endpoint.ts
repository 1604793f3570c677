import type { Config, Endpoint } from '@aerogram/runtime';

const EVERY_ADDRESS = ['0.0.0.0', '::'];

/**
 * Where clients are to connect to.
 * @param listening what the server listens on, perhaps every address
 * @param localAddress an address of this machine that is known to be reached
 */
export function reachableEndpoint(
  listening: Endpoint,
  config: Pick<Config, 'publicAddress' | 'publicPort'>,
  localAddress: string,
): Endpoint {
  const own = EVERY_ADDRESS.includes(listening.host) ? localAddress.replace(/^::ffff:/, '') : listening.host;
  return { host: config.publicAddress ?? own, port: config.publicPort || listening.port };
}
